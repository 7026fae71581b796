import { expect } from "chai";
import type { Provider } from "ethers";
import { isPassportError } from "../errors/passport-error.js";
import { parseAddress } from "../primitives/hex.js";
import { readEntries } from "./read-entries.js";

const passport = parseAddress("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");

describe("readEntries", () => {
  it("from a node that refuses all ranges and speaks of endless blocks, gives up after a few requests", async () => {
    let requests = 0;
    const node: Pick<Provider, "getLogs" | "getBlockNumber"> = {
      getLogs: (filter) => {
        requests += 1;
        if (Reflect.get(filter, "fromBlock") === Reflect.get(filter, "toBlock")) return Promise.resolve([]);
        return Promise.reject(new Error("block range too large"));
      },
      getBlockNumber: () => Promise.resolve(1),
    };
    // Safety: nothing else of the node is asked.
    const provider = node as Provider;
    const codeOf = readEntries(provider, { passport, fromBlock: 0n, toBlock: 2n ** 60n }).then(
      () => "read",
      (error: unknown) => (isPassportError(error) ? error.code : String(error)),
    );
    expect(await codeOf).to.match(/^chain\./);
    expect(requests).to.be.below(100);
  });
});
