import { expect } from "chai";
import { hexlify } from "ethers";
import type { Estimate } from "../chain/prepare-transaction.js";
import { PassportError } from "../errors/passport-error.js";
import { parseAddress } from "../primitives/hex.js";
import { isRefusal, MAXIMUM_BYTES, MAXIMUM_GAS, type PackedCall, packItems } from "./pack-items.js";

const TO = parseAddress("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");
const PER_ITEM = 1_000_000n;

interface TestItem {
  readonly name: string;
  readonly bytes: number;
  readonly isBad: boolean;
}

const good = (name: string, bytes = 100): TestItem => ({ name, bytes, isBad: false });
const bad = (name: string): TestItem => ({ name, bytes: 100, isBad: true });

/** A chain on which each item costs a million gas, and which refuses what has a bad item in it. */
const packing = (options: { readonly tellsWhom?: boolean; readonly gasPerItem?: bigint } = {}) => {
  const estimated: number[] = [];
  let encoded: readonly TestItem[] = [];
  return {
    estimated,
    options: {
      encode: (items: readonly TestItem[]): PackedCall => {
        encoded = items;
        return { to: TO, data: hexlify(new Uint8Array(items.reduce((sum, { bytes }) => sum + bytes, 0))) };
      },
      estimate: async (): Promise<Estimate> => {
        estimated.push(encoded.length);
        const index = encoded.findIndex(({ isBad }) => isBad);
        if (index !== -1) throw new PassportError("contract.reverted", { problem: "bad", index });
        const gasLimit = (options.gasPerItem ?? PER_ITEM) * BigInt(encoded.length);
        return { gas: gasLimit, gasLimit, maxFeePerGasWei: 1n, costWei: 1n, maximumCostWei: 1n };
      },
      blame: (refusal: PassportError) => (options.tellsWhom ? Number(refusal.details["index"]) : undefined),
      nameOf: ({ name }: TestItem) => name,
    },
  };
};

const namesOf = (items: readonly TestItem[]): string => items.map(({ name }) => name).join("");

describe("packItems", () => {
  it("of items that fit, takes all with one estimate", async () => {
    const { options, estimated } = packing();
    const packed = await packItems([good("a"), good("b"), good("c")], options);
    expect(packed.status === "packed" && namesOf(packed.items)).to.equal("abc");
    expect(estimated).to.deep.equal([3]);
  });

  it("of items that need too much gas, takes as many as the estimate leaves room for", async () => {
    const { options, estimated } = packing();
    const items = Array.from({ length: 20 }, (_, index) => good(String(index % 10)));
    const packed = await packItems([good("x"), ...items], options);
    expect(packed.status === "packed" && packed.items.length).to.equal(Number(MAXIMUM_GAS / PER_ITEM));
    expect(estimated).to.deep.equal([21, 8]);
  });

  it("of items that are too long, takes fewer without asking the chain about all", async () => {
    const { options, estimated } = packing();
    const packed = await packItems([good("a", 14_000), good("b", 14_000), good("c", 14_000)], options);
    expect(packed.status === "packed" && namesOf(packed.items)).to.equal("ab");
    expect(estimated).to.deep.equal([2]);
  });

  it("of a bad item among good ones, takes good ones before it, and blames it when it is the first", async () => {
    const { options } = packing();
    const first = await packItems([good("a"), good("b"), good("c"), bad("d"), good("e")], options);
    expect(first.status === "packed" && namesOf(first.items)).to.equal("ab");
    const second = await packItems([bad("d"), good("e"), good("f")], options);
    expect(second).to.have.property("status", "refused");
    expect(second).to.have.nested.property("item.name", "d");
    expect(second).to.have.nested.property("error.code", "contract.reverted");
  });

  it("where the refusal tells which item it is about, takes exactly those before it", async () => {
    const { options, estimated } = packing({ tellsWhom: true });
    const packed = await packItems([good("a"), good("b"), good("c"), bad("d"), good("e")], options);
    expect(packed.status === "packed" && namesOf(packed.items)).to.equal("abc");
    expect(estimated).to.deep.equal([5, 3]);
    const refused = await packItems([bad("d"), good("e")], options);
    expect(refused).to.have.nested.property("item.name", "d");
    expect(estimated).to.deep.equal([5, 3, 2]);
  });

  for (const [circumstance, item, gasPerItem] of [
    ["too many bytes", good("a", MAXIMUM_BYTES + 1), PER_ITEM],
    ["too much gas", good("a"), MAXIMUM_GAS + 1n],
  ] as const) {
    it(`of an item that alone needs ${circumstance}, refuses it by its name`, async () => {
      const packed = await packItems([item, good("b")], packing({ gasPerItem }).options);
      expect(packed).to.have.nested.property("error.code", "submission.too-large");
      expect(packed).to.have.nested.property("error.details.id", "a");
    });
  }

  it("when the chain cannot be asked, fails with that and blames nobody", async () => {
    const outage = new PassportError("chain.unreachable", { endpoint: "the node", problem: "it is away" });
    const options = { ...packing().options, estimate: () => Promise.reject(outage) };
    const error = await packItems([good("a")], options).catch((caught: unknown) => caught);
    expect(error).to.equal(outage);
  });
});

describe("isRefusal", () => {
  const endpoint = "the node";
  for (const [expected, error] of [
    [true, new PassportError("contract.reverted", { problem: "no" })],
    [true, new PassportError("chain.request-refused", { endpoint, problem: "stack limit reached" })],
    [false, new PassportError("chain.request-refused", { endpoint, problem: "gas required exceeds allowance (7)" })],
    [false, new PassportError("chain.unreachable", { endpoint, problem: "away" })],
    [false, new PassportError("chain.insufficient-funds", { account: "a", balanceWei: 1n, requiredWei: 2n })],
    [false, new Error("no")],
  ] as const) {
    it(`of ${error.message.slice(0, 60)}: ${expected}`, () => expect(isRefusal(error)).to.equal(expected));
  }
});
