import { hexlify, toUtf8Bytes, zeroPadBytes } from "ethers";
import fc from "fast-check";
import { eventTypeName, eventTypeOf, eventTypeSchema, isNative } from "../../sdk/src/primitives/event-type.js";
import { type QuestionedChain, startQuestionedChain, valuesOf } from "../support/ask-contracts.js";
import { eventType } from "../support/chain-arbitraries.js";
import { expectAgreement } from "../support/expect-agreement.js";

/** Words that are nearly names: a small letter, a digit first, something behind the end. */
const nearlyName = fc
  .stringMatching(/^[AZ][AZ09_]{0,30}$/)
  .chain((name) =>
    fc.tuple(
      fc.constant(name),
      fc.nat({ max: 31 }),
      fc.constantFrom("\0", "@", "[", "`", "a", "/", ":", " ", "9", "_"),
    ),
  )
  .map(([name, index, character]) => name.padEnd(index, "\0").slice(0, index) + character + name.slice(index + 1))
  .map((name) => eventTypeSchema.parse(hexlify(zeroPadBytes(toUtf8Bytes(name), 32))));

describe("EventTypes and the SDK", () => {
  let chain: QuestionedChain;
  before(async () => {
    chain = await startQuestionedChain();
  });

  it("isWellFormed and isNative, of any word, agree with the SDK's names", async () => {
    await expectAgreement(fc.oneof(eventType, nearlyName), {
      solidity: async (cases) =>
        valuesOf(
          await chain.ask(cases.map((word) => ({ contract: chain.harness, name: "describeEventType", args: [word] }))),
        ),
      typescript: (word) => {
        const name = eventTypeName(word);
        // A word without a name is shown as it is; a name gives back the very word.
        const isWellFormed = name !== word && eventTypeOf(name) === word;
        return [isWellFormed, isNative(word)];
      },
    });
  });
});
