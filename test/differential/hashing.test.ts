import fc from "fast-check";
import type { ProductId } from "../../sdk/src/identifier/parse-product-id.js";
import { productKey } from "../../sdk/src/identifier/product-key.js";
import { parseAddress } from "../../sdk/src/primitives/hex.js";
import { cloneCode } from "../../sdk/src/signing/passport-clone.js";
import {
  attesterOfSigner,
  initialGatewayHead,
  initialHead,
  nextHead,
  replayHeads,
} from "../../sdk/src/signing/passport-hashing.js";
import {
  batchTypedData,
  hashBatch,
  type MessageType,
  type PassportMessages,
  typedDataOf,
} from "../../sdk/src/signing/typed-data.js";
import type { DigitalPassport, ReadingsAnchor } from "../../types/ethers-contracts/index.js";
import { type QuestionedChain, startQuestionedChain, valuesOf } from "../support/ask-contracts.js";
import {
  address,
  batch,
  bytes,
  bytes32,
  digest,
  entry,
  eventType,
  text,
  uint256,
} from "../support/chain-arbitraries.js";
import { expectAgreement, RUNS } from "../support/expect-agreement.js";

describe("PassportHashing and the SDK", () => {
  let chain: QuestionedChain;
  before(async () => {
    chain = await startQuestionedChain();
  });

  const askLibrary = async (name: string, argumentLists: readonly (readonly unknown[])[]) =>
    valuesOf(await chain.ask(argumentLists.map((args) => ({ contract: chain.harness, name, args }))));

  it("initialHead, of any chain and passport, agree", async () => {
    await expectAgreement(fc.record({ chainId: uint256, passport: address }), {
      solidity: (cases) =>
        askLibrary(
          "initialHead",
          cases.map(({ chainId, passport }) => [chainId, passport]),
        ),
      typescript: initialHead,
    });
  });

  it("nextHead, of any head and entry, agree", async () => {
    await expectAgreement(fc.record({ head: bytes32, next: entry }), {
      solidity: (cases) =>
        askLibrary(
          "nextHead",
          cases.map(({ head, next }) => [head, next]),
        ),
      typescript: ({ head, next }) => nextHead(head, next),
    });
  });

  it("replayHeads, of histories of up to five entries, agree on every head", async () => {
    const history = fc.record({
      chainId: uint256,
      passport: address,
      entries: fc.array(entry, { maxLength: 5 }),
    });
    await expectAgreement(history, {
      solidity: (cases) =>
        askLibrary(
          "replayHeads",
          cases.map(({ chainId, passport, entries }) => [chainId, passport, entries]),
        ),
      typescript: ({ entries, chainId, passport }) => replayHeads(entries, { chainId, passport }),
    });
  });

  it("initialGatewayHead, of any chain, anchor and gateway, agree", async () => {
    await expectAgreement(fc.record({ chainId: uint256, readingsAnchor: address, gateway: address }), {
      solidity: (cases) =>
        askLibrary(
          "initialGatewayHead",
          cases.map(({ chainId, readingsAnchor, gateway }) => [chainId, readingsAnchor, gateway]),
        ),
      typescript: initialGatewayHead,
    });
  });

  it("hashBatch, of any batch, agree", async () => {
    await expectAgreement(batch, {
      solidity: (cases) =>
        askLibrary(
          "hashBatch",
          cases.map((it) => [it]),
        ),
      typescript: hashBatch,
    });
  });

  it("attesterOfSigner, of any bytes, agree", async () => {
    await expectAgreement(bytes, {
      solidity: (cases) =>
        askLibrary(
          "attesterOfSigner",
          cases.map((signer) => [signer]),
        ),
      typescript: attesterOfSigner,
    });
  });

  it("productKey, of any text, agree", async () => {
    await expectAgreement(text, {
      solidity: (cases) =>
        askLibrary(
          "productKey",
          cases.map((productId) => [productId]),
        ),
      // Safety: the key of what is no productId is not used, but has to be the chain's all the same.
      typescript: (productId) => productKey(productId as ProductId),
    });
  });
});

/** Where a contract may lie: the lowest addresses belong to the precompiled contracts. */
const target = address.filter((it) => BigInt(it) > 0xffffn);

/** The chain of the tests, Arbitrum One, and the largest number that a node of these tests can have. */
const CHAIN_IDS = [31_337, 42_161, Number.MAX_SAFE_INTEGER] as const;

for (const chainId of CHAIN_IDS) {
  describe(`DigitalPassport on chain ${chainId} and the SDK`, () => {
    let chain: QuestionedChain;
    let implementation: DigitalPassport;
    before(async () => {
      chain = await startQuestionedChain({ chainId });
      implementation = await chain.connection.ethers.deployContract("DigitalPassport");
    });

    /** Puts a passport wherever a case wants one. */
    const expectSameDigests = async <Type extends MessageType>(
      type: Type,
      { digestOf, message }: { readonly digestOf: string; readonly message: fc.Arbitrary<PassportMessages[Type]> },
    ) => {
      const code = cloneCode({
        implementation: parseAddress(await implementation.getAddress()),
        manager: parseAddress(await chain.harness.getAddress()),
        productId: "https://id.weg.example/1",
      });
      await expectAgreement(fc.record({ target, fields: message }), {
        runs: Math.ceil(RUNS / CHAIN_IDS.length),
        solidity: async (cases) => {
          const questions = cases.map(({ target, fields }) => ({
            contract: implementation,
            target,
            name: digestOf,
            // A cancellation is a number, every other message a struct.
            args: type === "Cancel" ? Object.values(fields) : [fields],
          }));
          const accounts = Object.fromEntries(cases.map(({ target }) => [target, { code }]));
          return valuesOf(await chain.ask(questions, { accounts }));
        },
        typescript: ({ target, fields }) =>
          typedDataOf(type, { chainId: BigInt(chainId), passport: target, ...fields }).digest,
      });
    };

    it("attestationDigest, of any message and passport, agree", () =>
      expectSameDigests("Attestation", {
        digestOf: "attestationDigest",
        message: fc.record({ eventType, document: digest, attester: address, sequence: uint256, deadline: uint256 }),
      }));

    it("offerDigest, of any message and passport, agree", () =>
      expectSameDigests("Offer", {
        digestOf: "offerDigest",
        message: fc.record({ newOwner: address, document: digest, offerNonce: uint256, expiresAt: uint256 }),
      }));

    it("cancelDigest, of any message and passport, agree", () =>
      expectSameDigests("Cancel", { digestOf: "cancelDigest", message: fc.record({ offerNonce: uint256 }) }));

    it("acceptDigest, of any message and passport, agree", () =>
      expectSameDigests("Accept", {
        digestOf: "acceptDigest",
        message: fc.record({
          newOwner: address,
          document: digest,
          offerNonce: uint256,
          expectedHead: bytes32,
          deadline: uint256,
        }),
      }));

    it("lockDigest, of any message and passport, agree", () =>
      expectSameDigests("Lock", {
        digestOf: "lockDigest",
        message: fc.record({ holder: address, until: uint256, document: digest, sequence: uint256, deadline: uint256 }),
      }));
  });

  describe(`ReadingsAnchor on chain ${chainId} and the SDK`, () => {
    let chain: QuestionedChain;
    let anchor: ReadingsAnchor;
    before(async () => {
      chain = await startQuestionedChain({ chainId });
      anchor = await chain.connection.ethers.deployContract("ReadingsAnchor");
    });

    /** Puts an anchor wherever a case wants one. */
    const askAnchors = async (
      questions: readonly { readonly at: string; readonly name: string; readonly args: readonly unknown[] }[],
    ) => {
      const code = (await anchor.getDeployedCode()) ?? "0x";
      const accounts = Object.fromEntries(questions.map(({ at }) => [at, { code }]));
      return valuesOf(
        await chain.ask(
          questions.map(({ at, name, args }) => ({ contract: anchor, target: at, name, args })),
          { accounts },
        ),
      );
    };
    const runs = Math.ceil(RUNS / CHAIN_IDS.length);

    it("batchDigest, of any batch and anchor, agree", () =>
      expectAgreement(fc.record({ at: target, message: batch }), {
        runs,
        solidity: (cases) => askAnchors(cases.map(({ at, message }) => ({ at, name: "batchDigest", args: [message] }))),
        typescript: ({ at, message }) =>
          batchTypedData({ chainId: BigInt(chainId), readingsAnchor: at, ...message }).digest,
      }));

    it("chainOf, of any gateway without a batch, agree on its first head", () =>
      expectAgreement(fc.record({ at: target, gateway: address }), {
        runs,
        solidity: (cases) => askAnchors(cases.map(({ at, gateway }) => ({ at, name: "chainOf", args: [gateway] }))),
        typescript: ({ at, gateway }) => [
          0n,
          initialGatewayHead({ chainId: BigInt(chainId), readingsAnchor: at, gateway }),
        ],
      }));
  });
}
