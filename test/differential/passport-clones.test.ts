import fc from "fast-check";
import type { ProductId } from "../../sdk/src/identifier/parse-product-id.js";
import { productKey } from "../../sdk/src/identifier/product-key.js";
import { parseAddress } from "../../sdk/src/primitives/hex.js";
import { cloneCode, parseCloneCode, predictPassportAddress } from "../../sdk/src/signing/passport-clone.js";
import type { DigitalPassport, DigitalPassportFactory } from "../../types/ethers-contracts/index.js";
import { type QuestionedChain, startQuestionedChain, valuesOf } from "../support/ask-contracts.js";
import { address, text } from "../support/chain-arbitraries.js";
import { expectAgreement } from "../support/expect-agreement.js";

/** What the registry lets into a passport: 1 to 256 characters of visible ASCII. */
const registrable = fc.oneof(
  fc.stringMatching(/^https:\/\/[a-z]{1,9}\.example\/[!-~]{1,60}$/),
  fc.stringMatching(/^[!-~]{1,256}$/),
  fc.constantFrom("!", "~", "~".repeat(256), "https://id.weg.example/01/09521234543213/21/W22-000001"),
);

describe("clones, of the contracts and of the SDK", () => {
  let chain: QuestionedChain;
  let factory: DigitalPassportFactory;
  let implementation: DigitalPassport;
  before(async () => {
    chain = await startQuestionedChain();
    const { ethers } = chain.connection;
    factory = await ethers.deployContract("DigitalPassportFactory", [chain.harness]);
    implementation = await ethers.getContractAt("DigitalPassport", await factory.implementation());
  });

  it("predictPassport of the factory, for any manager and text, agree", async () => {
    const deployed = {
      factory: parseAddress(await factory.getAddress()),
      implementation: parseAddress(await implementation.getAddress()),
    };
    await expectAgreement(fc.record({ manager: address, productId: text }), {
      solidity: async (cases) =>
        valuesOf(
          await chain.ask(
            cases.map(({ manager, productId }) => ({
              contract: factory,
              name: "predictPassport",
              args: [manager, productId],
            })),
          ),
        ),
      typescript: (it) => predictPassportAddress({ ...deployed, ...it }),
    });
  });

  it("address and code of a clone that is deployed, of any implementation, manager and text, agree", async () => {
    const deployer = parseAddress(await chain.harness.getAddress());
    await expectAgreement(fc.record({ implementation: address, manager: address, productId: text }), {
      solidity: async (cases) =>
        valuesOf(
          await chain.ask(
            cases.map((it) => ({
              contract: chain.harness,
              name: "deployClone",
              args: [it.implementation, it.manager, it.productId],
            })),
          ),
        ),
      typescript: (clone) => [predictPassportAddress({ ...clone, factory: deployer }), cloneCode(clone)],
    });
  });

  it("parseCloneCode, of any passport that the registry lets in, says what the passport says of itself", async () => {
    const deployer = parseAddress(await chain.harness.getAddress());
    const target = parseAddress(await implementation.getAddress());
    await expectAgreement(fc.record({ manager: address, productId: registrable }), {
      solidity: async (cases) => {
        const answers = await chain.ask(
          cases.flatMap((it) => {
            const passport = predictPassportAddress({ ...it, implementation: target, factory: deployer });
            const { manager, productId } = it;
            return [
              { contract: chain.harness, name: "deployClone", args: [target, manager, productId] },
              ...["manager", "productId", "productKey"].map((name) => ({
                contract: implementation,
                target: passport,
                name,
                args: [],
              })),
            ];
          }),
        );
        const values = valuesOf(answers);
        return cases.map((_, index) => values.slice(4 * index + 1, 4 * index + 4));
      },
      typescript: (it) => {
        const { manager, productId } = parseCloneCode(cloneCode({ ...it, implementation: target })) ?? {};
        // Safety: only the type says that a productId is in its normal form; its key is that of any text.
        return [manager, productId, productKey(productId as ProductId)];
      },
    });
  });
});
