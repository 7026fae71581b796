import fc from "fast-check";
import { type QuestionedChain, startQuestionedChain, valuesOf } from "../support/ask-contracts.js";
import { address, uint } from "../support/chain-arbitraries.js";
import { expectAgreement } from "../support/expect-agreement.js";

describe("PassportState and what a reader of slot 3 expects", () => {
  let chain: QuestionedChain;
  before(async () => {
    chain = await startQuestionedChain();
  });

  it("packState, of any four parts that fit, is one word that reads back as these parts", async () => {
    const parts = fc.tuple(address, uint(16n), uint(40n), uint(40n));
    await expectAgreement(parts, {
      solidity: async (cases) =>
        valuesOf(await chain.ask(cases.map((args) => ({ contract: chain.harness, name: "packAndUnpack", args })))),
      typescript: ([owner, condition, entryCount, lastRecordedAt]) => {
        const word = BigInt(owner) | (condition << 160n) | (entryCount << 176n) | (lastRecordedAt << 216n);
        return [word, owner, condition, entryCount, lastRecordedAt];
      },
    });
  });
});
