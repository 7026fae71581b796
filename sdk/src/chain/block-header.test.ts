import { readFileSync } from "node:fs";
import { expect } from "chai";
import { encodeRlp, getBytes, hexlify } from "ethers";
import fc from "fast-check";
import * as z from "zod";
import { isPassportError } from "../errors/passport-error.js";
import { parseHex } from "../primitives/hex.js";
import { blockHeaderOf, parseBlockHeader } from "./block-header.js";

type Block = Readonly<Record<string, string>>;

const { arbitrumOne } = z
  .object({ arbitrumOne: z.array(z.record(z.string(), z.string())).length(2) })
  .parse(
    JSON.parse(readFileSync(new URL("../../../test/vectors/arbitrum-headers/headers.json", import.meta.url), "utf8")),
  );
const [recent, older]: readonly (Block | undefined)[] = arbitrumOne;
if (recent === undefined || older === undefined) throw new Error("the vectors have two blocks");

const HASHED_FIELDS = Object.keys(recent).filter((field) => field !== "hash");

describe("blockHeaderOf", () => {
  it("of real blocks of Arbitrum One, gives the hash by which the chain knows them", () => {
    for (const block of [recent, older]) expect(blockHeaderOf(block).hash).to.equal(block["hash"]);
    const { number, timestamp, stateRoot } = blockHeaderOf(recent);
    expect({ number, timestamp, stateRoot }).to.deep.equal({
      number: 511_882_413n,
      timestamp: 1_791_192_509n,
      stateRoot: "0x0af9d8afcffe1a8edabe67d676b274dc5642ccfbe938b935cab5a245bfc4b2da",
    });
  });

  it("of a block with what a node adds for people, or in capitals, gives the same hash", () => {
    const more = {
      ...recent,
      l1BlockNumber: "0x18ea3d7",
      sendCount: "0x28aef",
      size: "0x3a1",
      transactions: [],
      uncles: [],
    };
    expect(blockHeaderOf(more).hash).to.equal(recent["hash"]);
    const capitals = { ...recent, miner: recent["miner"]?.toUpperCase().replace("0X", "0x") };
    expect(blockHeaderOf(capitals).hash).to.equal(recent["hash"]);
  });

  it("of a block with any digit of any hashed field changed, gives another hash or none", () => {
    const change = fc.record({
      field: fc.constantFrom(...HASHED_FIELDS),
      at: fc.nat(),
      digit: fc.constantFrom(..."0123456789abcdef"),
    });
    fc.assert(
      fc.property(change, ({ field, at, digit }) => {
        const value = recent[field] ?? "";
        const index = 2 + (at % (value.length - 2));
        const changed = value.slice(0, index) + digit + value.slice(index + 1);
        fc.pre(changed !== value);
        expect(blockHeaderOf({ ...recent, [field]: changed }).hash).not.to.equal(recent["hash"]);
      }),
      { numRuns: 500 },
    );
  });

  it("of a block with a field more of a later fork, gives another hash: nothing of it goes unnoticed", () => {
    for (const [field, value] of Object.entries({
      withdrawalsRoot: recent["stateRoot"],
      blobGasUsed: "0x0",
      parentBeaconBlockRoot: recent["stateRoot"],
      requestsHash: recent["stateRoot"],
    })) {
      expect(blockHeaderOf({ ...recent, [field]: value }).hash, field).not.to.equal(recent["hash"]);
    }
  });

  for (const field of HASHED_FIELDS) {
    it(`of a block without ${field}, or with nonsense in its place, refuses it`, () => {
      const { [field]: _, ...without } = recent;
      for (const block of [
        without,
        ...[null, 7, "", "0x", "0xzz", `0x${"1".repeat(3_000)}`, {}].map((value) => ({ ...recent, [field]: value })),
      ]) {
        // No bytes are as good as any as extra data.
        if (field === "extraData" && "extraData" in block && block["extraData"] === "0x") continue;
        expect(() => blockHeaderOf(block))
          .to.throw()
          .with.property("code", "proof.invalid");
      }
    });
  }

  it("of what is no block, refuses it", () => {
    for (const block of [null, undefined, "0x", 7, []]) {
      expect(() => blockHeaderOf(block))
        .to.throw()
        .with.property("code", "proof.invalid");
    }
  });
});

describe("parseBlockHeader", () => {
  it("of the bytes of a header, reads what was hashed", () => {
    const header = blockHeaderOf(recent);
    expect(parseBlockHeader(header.rlp)).to.deep.equal(header);
  });

  it("of any bytes, ends with a header or with a code", () => {
    const { rlp } = blockHeaderOf(recent);
    const changed = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
      const bytes = getBytes(rlp);
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ mask;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(changed, fc.uint8Array({ maxLength: 700 })), (bytes) => {
        try {
          expect(parseBlockHeader(parseHex(hexlify(bytes))).hash).not.to.equal(recent["hash"]);
        } catch (error) {
          if (!isPassportError(error, "proof.invalid")) throw error;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("of lists that are no header, refuses them", () => {
    for (const items of [
      [],
      Array(15).fill("0x"),
      Array(16).fill("0x"),
      Array(100).fill("0x"),
      Array(16).fill(["0x"]),
    ]) {
      expect(() => parseBlockHeader(parseHex(encodeRlp(items))))
        .to.throw()
        .with.property("code", "proof.invalid");
    }
  });
});
