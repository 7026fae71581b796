import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import * as z from "zod";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseAddress, parseBytes32, parseDigest, parseHex } from "../primitives/hex.js";
import { attesterOfSigner, initialHead, nextHead, type PassportEntry, replayHeads } from "./passport-hashing.js";

const decimal = z.string().transform(BigInt);
const addressField = z.string().transform((text) => parseAddress(text));
const bytes32Field = z.string().transform((text) => parseBytes32(text));
const entryField = z.object({
  sequence: decimal,
  // Safety: an event type is 32 bytes; that it is a name does not matter to a hash.
  eventType: bytes32Field.transform((bytes) => bytes as PassportEntry["eventType"]),
  attester: addressField,
  roles: decimal,
  document: z.string().transform((text) => parseDigest(text)),
  recordedAt: decimal,
  owner: addressField,
  condition: decimal,
});
const oneOrMore = <Schema extends z.ZodType>(schema: Schema) => z.tuple([schema], schema);
const vectors = z
  .object({
    signers: oneOrMore(z.object({ signer: z.string(), expected: z.string() })),
    initialHeads: oneOrMore(z.object({ chainId: decimal, passport: addressField, expected: z.string() })),
    entryHeads: oneOrMore(z.object({ head: bytes32Field, entry: entryField, expected: z.string() })),
    histories: oneOrMore(
      z.object({
        chainId: decimal,
        passport: addressField,
        entries: z.array(entryField),
        heads: oneOrMore(z.string()),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL("../../../test/vectors/hashing.json", import.meta.url), "utf8")));

const [motor] = vectors.histories;

describe("initialHead", () => {
  it("of the vectors, equals the independent implementation's", () => {
    for (const { expected, ...options } of vectors.initialHeads) expect(initialHead(options)).to.equal(expected);
  });
});

describe("nextHead", () => {
  it("of the vectors, equals the independent implementation's", () => {
    for (const { head, entry, expected } of vectors.entryHeads) expect(nextHead(head, entry)).to.equal(expected);
  });

  it("of the same head, any change of any field of the entry changes it", () => {
    const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex"));
    const address = fc
      .uint8Array({ minLength: 20, maxLength: 20 })
      .map((bytes) => parseAddress(`0x${Buffer.from(bytes).toString("hex")}`));
    const change = fc.oneof(
      fc.record({ sequence: word }),
      fc.record({ roles: word }),
      fc.record({ recordedAt: word }),
      fc.record({ condition: word }),
      fc.record({ attester: address }),
      fc.record({ owner: address }),
      fc.record({ document: bytes32.map((digits) => parseDigest(`0x${digits}`)) }),
      fc.record({ eventType: fc.constantFrom("REPAIRED", "STOLEN", "A").map((name) => eventTypeOf(name)) }),
    );
    const [{ head, entry }] = vectors.entryHeads;
    fc.assert(
      fc.property(change, (changed) => {
        const other: PassportEntry = { ...entry, ...changed };
        const isSame = Object.entries(changed).every(([field, value]) =>
          Object.entries(entry).some(([name, old]) => name === field && old === value),
        );
        expect(nextHead(head, other) === nextHead(head, entry)).to.equal(isSame);
      }),
    );
  });
});

describe("replayHeads", () => {
  it("of a whole history, equals the independent implementation's heads", () => {
    for (const { entries, heads, ...options } of vectors.histories) {
      expect(replayHeads(entries, options)).to.deep.equal(heads);
    }
  });

  it("of entries in another order, ends in another head", () => {
    const honest = replayHeads(motor.entries, motor).at(-1);
    const orders = fc.shuffledSubarray([...motor.entries], { minLength: motor.entries.length });
    fc.assert(
      fc.property(orders, (entries) => {
        const isSameOrder = entries.every((entry, index) => entry === motor.entries[index]);
        expect(replayHeads(entries, motor).at(-1) === honest).to.equal(isSameOrder);
      }),
    );
  });

  it("of entries of which some are missing or doubled, ends in another head", () => {
    const honest = replayHeads(motor.entries, motor).at(-1);
    const counts = fc.array(fc.integer({ min: 0, max: 2 }), {
      minLength: motor.entries.length,
      maxLength: motor.entries.length,
    });
    fc.assert(
      fc.property(counts, (copies) => {
        const entries = motor.entries.flatMap((entry, index) =>
          Array.from({ length: copies[index] ?? 0 }, () => entry),
        );
        const isWhole = copies.every((count) => count === 1);
        expect(replayHeads(entries, motor).at(-1) === honest).to.equal(isWhole);
      }),
    );
  });

  it("of no entries, is empty", () => {
    expect(replayHeads([], motor)).to.deep.equal([]);
  });
});

describe("attesterOfSigner", () => {
  it("of the vectors, equals the independent implementation's", () => {
    for (const { signer, expected } of vectors.signers) expect(attesterOfSigner(parseHex(signer))).to.equal(expected);
  });
});
