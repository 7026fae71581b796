import { expect } from "chai";
import { JsonRpcProvider } from "ethers";
import { isPassportError } from "../errors/passport-error.js";
import { requireChain } from "./require-chain.js";

/** A node that gives this answer to whatever it is asked. */
const answering = (answer: unknown): JsonRpcProvider =>
  Object.assign(new JsonRpcProvider("http://node.example"), { send: async () => answer });

const codeOf = async (answer: unknown): Promise<string> => {
  try {
    await requireChain(answering(answer), { chainId: 42_161n });
    return "right chain";
  } catch (error) {
    if (isPassportError(error)) return error.code;
    throw error;
  }
};

describe("requireChain", () => {
  it("a node of the expected chain, passes", async () => {
    expect(await codeOf("0xa4b1")).to.equal("right chain");
  });

  it("a node of another chain, names both", async () => {
    expect(await codeOf("0x1")).to.equal("chain.wrong-chain");
  });

  it("a node that answers with what is no chain id, says that the answer cannot be true", async () => {
    for (const answer of [null, "", "one", {}, [], "0x"]) {
      expect(await codeOf(answer), JSON.stringify(answer)).to.equal("chain.answer-invalid");
    }
  });
});
