import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { artifacts, network } from "hardhat";
import { documentOf, NO_END, nameOf } from "../support/contract-values.js";
import { deploySuite, issuePassport, productIdOf } from "../support/deploy-suite.js";
import {
  type CompiledCode,
  constructorCodeOf,
  findInstructions,
  type InstructionName,
  instructionsOf,
} from "../support/instructions.js";
import { readEntries, replayEntries } from "../support/replay-head.js";
import { accountOf, sign } from "../support/signing.js";
import { ROLES } from "./behaviours/deployed-suite.js";

/** What has another meaning on Arbitrum, none, or one that a sequencer chooses; and what no contract here may do. */
const FORBIDDEN: readonly InstructionName[] = [
  "NUMBER",
  "BLOCKHASH",
  "PREVRANDAO",
  "COINBASE",
  "GASLIMIT",
  "BASEFEE",
  "BLOBHASH",
  "BLOBBASEFEE",
  "ORIGIN",
  "CALLCODE",
  "DELEGATECALL",
  "SELFDESTRUCT",
];

/** Contracts of a deployment: those at the top of contracts/, and OpenZeppelin's verifiers of keys. */
const DEPLOYED = /^contracts\/\w+\.sol:|\/ERC7913\w+Verifier\.sol:/;

interface DeployedContract extends CompiledCode {
  readonly name: string;
}

const findDeployedContracts = async (): Promise<readonly DeployedContract[]> => {
  const names = [...(await artifacts.getAllFullyQualifiedNames())].filter((name) => DEPLOYED.test(name));
  const compiled = await Promise.all(names.map((name) => artifacts.readArtifact(name)));
  return compiled
    .filter(({ bytecode }) => bytecode !== "0x")
    .map(({ contractName, bytecode, deployedBytecode }) => ({ name: contractName, bytecode, deployedBytecode }));
};

describe("Arbitrum: instructions", () => {
  it("contracts that are looked at, are all that a deployment makes", async () => {
    expect((await findDeployedContracts()).map(({ name }) => name)).to.include.members([
      "PassportRegistry",
      "DigitalPassportFactory",
      "DigitalPassport",
      "WEGManager",
      "AttestationRelay",
      "ReadingsAnchor",
      "ERC7913P256Verifier",
      "ERC7913WebAuthnVerifier",
    ]);
  });

  it("every contract that is deployed, runtime and constructor, has none that means something else on Arbitrum", async () => {
    for (const contract of await findDeployedContracts()) {
      expect(findInstructions(contract.deployedBytecode, FORBIDDEN), contract.name).to.deep.equal([]);
      expect(findInstructions(constructorCodeOf(contract), FORBIDDEN), `${contract.name}, constructor`).to.deep.equal(
        [],
      );
    }
  });

  it("code as it stands on the chain, immutables filled in, has none either", async () => {
    const suite = await deploySuite(await network.create());
    const { factory, implementation, manager, readingsAnchor, registry, p256Verifier, webAuthnVerifier } = suite;
    const contracts = [factory, implementation, manager, readingsAnchor, registry, p256Verifier, webAuthnVerifier];
    for (const contract of contracts) {
      const code = (await contract.getDeployedCode()) ?? "0x";
      expect(instructionsOf(code).length).to.be.greaterThan(100);
      expect(findInstructions(code, FORBIDDEN)).to.deep.equal([]);
    }
  });

  it("time and chain id, of a passport, are read: what is looked for would be found", async () => {
    const { deployedBytecode } = await artifacts.readArtifact("DigitalPassport");
    expect(findInstructions(deployedBytecode, ["TIMESTAMP", "CHAINID", "NUMBER"])).to.deep.equal([
      "TIMESTAMP",
      "CHAINID",
    ]);
  });

  for (const [name, code, expected] of [
    ["planted alone", "0x43", ["NUMBER"]],
    ["behind a constant", "0x60ff43", ["NUMBER"]],
    ["behind the longest constant", `0x7f${"43".repeat(32)}44`, ["PREVRANDAO"]],
    ["in constants only", `0x6043617fff7f${"f4".repeat(32)}00`, []],
    ["in a constant that the end cuts off", "0x6343", []],
    ["behind INVALID, where nothing leads", "0xfe32", ["ORIGIN"]],
    ["in solc's metadata only", `0x00a2646970667358221220${"43".repeat(32)}64736f6c63430008250033`, []],
    ["before solc's metadata", `0xffa2646970667358221220${"00".repeat(32)}64736f6c63430008250033`, ["SELFDESTRUCT"]],
  ] as const) {
    it(`findInstructions, forbidden one ${name}, finds ${expected.length === 0 ? "nothing" : expected.join()}`, () => {
      expect(findInstructions(code, FORBIDDEN)).to.deep.equal(expected);
    });
  }

  it("constructorCodeOf, code of another contract, is refused", async () => {
    const [one, other] = await Promise.all(
      ["PassportRegistry", "WEGManager"].map((name) => artifacts.readArtifact(name)),
    );
    expect(() =>
      constructorCodeOf({ bytecode: one?.bytecode ?? "", deployedBytecode: other?.bytecode ?? "" }),
    ).to.throw();
  });
});

// ------------------------------------------------------------------------------------------------------------ a life

/** Precompiles of Arbitrum: ArbSys, ArbInfo, ArbAggregator, ArbGasInfo, ArbRetryableTx, NodeInterface. */
const ARBITRUM_PRECOMPILES = [0x64, 0x65, 0x6b, 0x6c, 0x6e, 0xc8];

const START = 2_000_000_000n;
const HOUR = 3_600n;
const GAS_LIMIT = 2_000_000;

/** How the chain behaves on which a motor lives. */
interface ChainHabits {
  /** Whether Arbitrum's precompiles are there; on that chain their code is one INVALID. */
  readonly hasPrecompiles?: boolean;
  /** Seconds between two entries. Default: an hour. */
  readonly pace?: bigint;
  /** Blocks without a transaction between two entries. Default: none. */
  readonly emptyBlocks?: number;
  /** Whether all entries are recorded in one block, so that its number stands still. */
  readonly isOneBlock?: boolean;
}

/** One motor's life by transactions and signatures: what it cost, what it left behind. */
async function liveOn({ hasPrecompiles = false, pace = HOUR, emptyBlocks = 0, isOneBlock = false }: ChainHabits) {
  // As on Arbitrum, what arrives first is recorded first.
  const mining = { auto: true, mempool: { order: "fifo" } } as const;
  const connection = await network.create({ override: { allowBlocksWithSameTimestamp: true, mining } });
  const { networkHelpers, provider } = connection;
  if (hasPrecompiles) {
    for (const precompile of ARBITRUM_PRECOMPILES) {
      await networkHelpers.setCode(`0x${precompile.toString(16).padStart(40, "0")}`, "0xfe");
    }
  }
  const suite = await deploySuite(connection);
  const { accounts, manager } = suite;
  const { buyer, logistics, owner, regulator, technician } = accounts;
  const signatory = accountOf("technician without ETH");
  await manager.grant(signatory.address, ROLES.TECHNICIAN, 0, NO_END);
  await networkHelpers.time.setNextBlockTimestamp(START);
  const passport = await issuePassport(suite, { productId: productIdOf(1) });

  const document = (name: string) => documentOf(`document of ${name}`);
  const attest = (attester: typeof owner, type: string) => () =>
    passport.connect(attester).attest(nameOf(type), document(type), { gasLimit: GAS_LIMIT });
  const steps: readonly (() => Promise<ContractTransactionResponse>)[] = [
    attest(technician, "COMMISSIONED"),
    async () => {
      const message = {
        eventType: nameOf("MAINTAINED"),
        document: document("MAINTAINED"),
        attester: signatory.address,
        sequence: 0n,
        deadline: NO_END,
      };
      const signature = await sign(signatory, { passport, type: "Attestation", message });
      return passport.connect(logistics).attestBySignature(message, "0x", signature, { gasLimit: GAS_LIMIT });
    },
    () => passport.connect(owner).lock(logistics, START + 100n * HOUR, document("lock"), { gasLimit: GAS_LIMIT }),
    () => passport.connect(logistics).release({ gasLimit: GAS_LIMIT }),
    () => passport.connect(owner).offerOwnership(buyer, document("sale"), START + 100n * HOUR, { gasLimit: GAS_LIMIT }),
    async () =>
      passport
        .connect(buyer)
        .acceptOwnership(document("sale"), await passport.head({ blockTag: "pending" }), { gasLimit: GAS_LIMIT }),
    attest(regulator, "RECALLED"),
    attest(technician, "RECALL_CLOSED"),
    attest(buyer, "STOLEN"),
    attest(buyer, "RECOVERED"),
    attest(buyer, "DECOMMISSIONED"),
  ];

  if (isOneBlock) {
    await provider.request({ method: "evm_setAutomine", params: [false] });
    // Before the first entry: the head that the buyer names is that of the pending block.
    await networkHelpers.time.setNextBlockTimestamp(START);
  }
  const sent: ContractTransactionResponse[] = [];
  for (const [index, step] of steps.entries()) {
    if (emptyBlocks > 0) await networkHelpers.mine(emptyBlocks);
    if (!isOneBlock) await networkHelpers.time.setNextBlockTimestamp(START + pace * BigInt(index + 1));
    sent.push(await step());
  }
  if (isOneBlock) await networkHelpers.mine();

  const receipts = await Promise.all(sent.map(({ hash }) => connection.ethers.provider.getTransactionReceipt(hash)));
  return {
    passport,
    blocks: receipts.map((receipt) => receipt?.blockNumber),
    entries: await readEntries(passport),
    /** What must not depend on the chain's habits. */
    life: {
      gasUsed: receipts.map((receipt) => receipt?.gasUsed),
      logs: receipts.map((receipt) => receipt?.logs.map(({ address, topics, data }) => ({ address, topics, data }))),
      head: await passport.head(),
    },
  };
}

describe("Arbitrum: the same life", () => {
  it("with ArbSys and its sisters or without, costs the same gas and leaves the same history", async () => {
    const [ethereum, arbitrum] = [await liveOn({}), await liveOn({ hasPrecompiles: true })];
    expect(arbitrum.life).to.deep.equal(ethereum.life);
    expect(ethereum.life.gasUsed.every((gas) => gas !== undefined && gas > 21_000n)).to.equal(true);
  });

  it("with a thousand blocks between two entries or none, costs the same gas and leaves the same history", async () => {
    const [dense, sparse] = [await liveOn({}), await liveOn({ emptyBlocks: 1_000 })];
    expect(sparse.life).to.deep.equal(dense.life);
    expect((sparse.blocks[10] ?? 0) - (dense.blocks[10] ?? 0)).to.equal(11_000);
  });

  it("with a block number that stands still or grows, costs the same gas and leaves the same history", async () => {
    const [still, growing] = [await liveOn({ isOneBlock: true }), await liveOn({ pace: 0n })];
    expect(still.life).to.deep.equal(growing.life);
    expect(new Set(still.blocks).size, "one block").to.equal(1);
    expect(new Set(growing.blocks).size, "a block for each").to.equal(11);
  });

  it("within one second, in consecutive blocks, is in order and replays to the head", async () => {
    const { entries, passport } = await liveOn({ pace: 0n });
    expect(entries.map(({ sequence }) => sequence)).to.deep.equal(entries.map((_, index) => BigInt(index + 1)));
    expect(new Set(entries.map(({ recordedAt }) => recordedAt))).to.deep.equal(new Set([START]));
    expect(entries.slice(1).every(({ previousRecordedAt }) => previousRecordedAt === START)).to.equal(true);
    const replayed = replayEntries(entries, { chainId: 31_337n, passport: await passport.getAddress() });
    expect(replayed.head).to.equal(await passport.head());
  });
});
