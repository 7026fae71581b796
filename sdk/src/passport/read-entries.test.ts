import { expect } from "chai";
import { type Block, id, Log, makeError, type Provider } from "ethers";
import { DigitalPassport__factory } from "../contracts/index.js";
import { isPassportError } from "../errors/passport-error.js";
import { eventTypeOf } from "../primitives/event-type.js";
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

  it("from a node that invents an entry before each entry, gives up with its refusal of ranges", async () => {
    let requests = 0;
    const node: Pick<Provider, "getLogs" | "getBlockNumber" | "getBlock"> = {
      getLogs: (filter) => {
        requests += 1;
        const block = Number(Reflect.get(filter, "fromBlock"));
        if (block !== Number(Reflect.get(filter, "toBlock"))) return Promise.reject(refusal());
        return Promise.resolve([inventedLog(block)]);
      },
      getBlockNumber: () => Promise.resolve(1),
      getBlock: (tag) => {
        const [number, hash] = [Number(tag), id(String(tag))];
        // Safety: no more of a block is read.
        return Promise.resolve({ number, timestamp: number, hash } as Block);
      },
    };
    // Safety: nothing else of the node is asked.
    const provider = node as Provider;
    const toBlock = 4_096n;
    const reading = readEntries(provider, { passport, fromBlock: 0n, toBlock, lastRecordedAt: toBlock - 1n });
    expect(await reading.catch((error: unknown) => error)).to.have.property("code", "chain.request-refused");
    expect(requests).to.be.below(1_200);
  });

  it("from a node that has more entries than may be held, stops with the answer", async () => {
    const node: Pick<Provider, "getLogs"> = { getLogs: async () => [1, 2, 3, 4].map(inventedLog) };
    // Safety: nothing else of the node is asked.
    const provider = node as Provider;
    const range = { passport, fromBlock: 0n, toBlock: 9n };
    expect(await readEntries(provider, { ...range, maximumEntries: 4 })).to.have.length(4);
    const reading = readEntries(provider, { ...range, maximumEntries: 3 });
    expect(await reading.catch((error: unknown) => error)).to.have.property("code", "chain.answer-invalid");
  });
});

const refusal = () => makeError("refused", "UNKNOWN_ERROR", { error: { code: -32_000, message: "range too large" } });

/** Of each second there is one block, and an entry that says that there is one in the second before. */
const inventedLog = (block: number): Log => {
  const { topics, data } = DigitalPassport__factory.createInterface().encodeEventLog("Attested", [
    ...[block, eventTypeOf("MAINTAINED"), passport, 64n, id(String(block))],
    ...[block, block - 1, passport, 1n],
  ]);
  const place = { blockNumber: block, blockHash: id(String(block)), index: 0, transactionIndex: 0, removed: false };
  // Safety: a log asks its provider only for more than it holds; nobody does that here.
  const provider = undefined as unknown as Provider;
  return new Log({ ...place, address: passport, topics, data, transactionHash: id(`of ${block}`) }, provider);
};
