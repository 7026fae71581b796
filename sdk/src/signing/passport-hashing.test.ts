import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import * as z from "zod";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseAddress, parseBytes27, parseBytes32, parseDigest, parseHex } from "../primitives/hex.js";
import {
  attesterOfSigner,
  gatewayHeadAfter,
  initialGatewayHead,
  initialHead,
  nextHead,
  type PassportEntry,
  replayHeads,
} from "./passport-hashing.js";
import { batchTypedData, pairingTypedData, unpairingTypedData } from "./typed-data.js";

const decimal = z.string().transform(BigInt);
const addressField = z.string().transform((text) => parseAddress(text));
const bytes32Field = z.string().transform((text) => parseBytes32(text));
const digestField = z.string().transform((text) => parseDigest(text));
const entryField = z.object({
  sequence: decimal,
  // Safety: an event type is 32 bytes; that it is a name does not matter to a hash.
  eventType: bytes32Field.transform((bytes) => bytes as PassportEntry["eventType"]),
  attester: addressField,
  roles: decimal,
  document: digestField,
  recordedAt: decimal,
  owner: addressField,
  condition: decimal,
});
const bytes27Field = z.string().transform((text) => parseBytes27(text));
const batchField = z.object({
  gateway: addressField,
  sequence: decimal,
  previousHead: bytes27Field,
  root: bytes32Field,
  count: decimal,
  from: decimal,
  to: decimal,
  document: digestField,
});
const positionField = z.object({
  passport: addressField,
  gateway: addressField,
  batchSequence: decimal,
  batchHead: bytes27Field,
});
const gatewayStruct = { chainId: decimal, readingsAnchor: addressField, digest: z.string() };
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
    gatewayChains: oneOrMore(
      z.object({
        chainId: decimal,
        readingsAnchor: addressField,
        gateway: addressField,
        batches: oneOrMore(batchField.extend({ head: z.string() })),
      }),
    ),
    gatewayStructs: oneOrMore(
      z.discriminatedUnion("type", [
        z.object({ type: z.literal("Batch"), message: batchField, ...gatewayStruct }),
        z.object({ type: z.literal("Pairing"), message: positionField, ...gatewayStruct }),
        z.object({ type: z.literal("Unpairing"), message: positionField, ...gatewayStruct }),
      ]),
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

describe("initialGatewayHead and gatewayHeadAfter", () => {
  it("of the vectors' chains, equal the independent implementation's heads", () => {
    for (const { batches, ...options } of vectors.gatewayChains) {
      expect(initialGatewayHead(options)).to.equal(batches[0].previousHead);
      for (const { head, ...batch } of batches) expect(gatewayHeadAfter(batch)).to.equal(head);
    }
  });

  it("of another chain, anchor or gateway, are others", () => {
    const [first, ...rest] = vectors.gatewayChains.flatMap(({ batches, ...options }) => [
      initialGatewayHead(options),
      initialGatewayHead({ ...options, readingsAnchor: options.gateway }),
    ]);
    expect(new Set([first, ...rest]).size).to.equal(rest.length + 1);
  });

  it("of a batch with any one field changed, is another", () => {
    const [{ batches }] = vectors.gatewayChains;
    const [batch, other] = batches;
    const fields = ["gateway", "sequence", "previousHead", "root", "count", "from", "to", "document"] as const;
    for (const field of fields) {
      const value = field === "gateway" ? vectors.initialHeads[0].passport : other?.[field];
      expect(gatewayHeadAfter({ ...batch, [field]: value }), field).not.to.equal(gatewayHeadAfter(batch));
    }
  });
});

describe("typed data of gateways", () => {
  it("of the vectors, have the independent implementation's digests", () => {
    const types = new Set<string>();
    for (const { chainId, readingsAnchor, digest, ...it } of vectors.gatewayStructs) {
      types.add(it.type);
      const domain = { chainId, readingsAnchor };
      const typedData =
        it.type === "Batch"
          ? batchTypedData({ ...domain, ...it.message })
          : (it.type === "Pairing" ? pairingTypedData : unpairingTypedData)({ ...domain, ...it.message });
      expect(typedData.digest, it.type).to.equal(digest);
    }
    expect(types.size).to.equal(3);
  });
});

describe("attesterOfSigner", () => {
  it("of the vectors, equals the independent implementation's", () => {
    for (const { signer, expected } of vectors.signers) expect(attesterOfSigner(parseHex(signer))).to.equal(expected);
  });
});
