import { expect } from "chai";
import { chainErrorOf } from "../chain/chain-error-of.js";
import { classifySendError } from "./classify-send-error.js";

/** What ethers throws when a node answers with an error. */
const answered = (message: string, code = -32_000) =>
  Object.assign(new Error("could not coalesce error"), { code: "UNKNOWN_ERROR", error: { code, message } });

const failed = (code: string, message = code) => Object.assign(new Error(message), { code });

describe("classifySendError", () => {
  for (const [expected, error] of [
    ["already-done", answered("nonce too low: address 0x00, tx: 4 state: 5")],
    ["already-done", answered("already known")],
    ["gap", answered("nonce too high: address 0x00, tx: 7 state: 5")],
    ["outdated", answered("max fee per gas less than block base fee: address 0x00, maxFeePerGas: 1, baseFee: 2")],
    ["outdated", answered("intrinsic gas too low: have 1, want 2")],
    ["not-sent", answered("insufficient funds for gas * price + value: have 1 want 2")],
    ["not-sent", answered("Too Many Requests", 429)],
    ["not-sent", answered("tx type not supported")],
    ["ambiguous", answered("context deadline exceeded")],
    ["ambiguous", answered("internal error", -32_603)],
    ["ambiguous", failed("ECONNRESET", "socket hang up")],
    ["ambiguous", failed("TIMEOUT", "request timeout")],
    ["ambiguous", new Error("what nobody has foreseen")],
  ] as const) {
    it(`${error.message === "could not coalesce error" ? JSON.stringify(error) : error.message}: ${expected}`, () => {
      expect(classifySendError(chainErrorOf(error, { endpoint: "the node", account: "the account" }))).to.equal(
        expected,
      );
    });
  }
});
