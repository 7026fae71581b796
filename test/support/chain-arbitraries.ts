import { hexlify } from "ethers";
import fc from "fast-check";
import { type EventType, eventTypeOf, eventTypeSchema } from "../../sdk/src/primitives/event-type.js";
import {
  type Address,
  type Bytes27,
  type Bytes32,
  type Digest,
  type Hex,
  parseAddress,
  parseBytes27,
  parseBytes32,
  parseDigest,
  parseHex,
} from "../../sdk/src/primitives/hex.js";
import type { PassportEntry } from "../../sdk/src/signing/passport-hashing.js";
import type { GatewayMessages } from "../../sdk/src/signing/typed-data.js";

/** Random values as contracts know them, and above all those at their edges. */

/** Widths of the fields that contracts pack, and of words. */
const WIDTHS = [8n, 16n, 32n, 40n, 56n, 64n, 96n, 127n, 128n, 160n, 255n] as const;

/** Lengths at which a word, an address, a key or a productId is full. */
const LENGTHS = [0, 1, 19, 20, 21, 31, 32, 33, 63, 64, 65, 84, 127, 128, 129, 255, 256, 257] as const;

/**
 * A number.
 *
 * @param bits - at most that many, 256 or fewer
 */
export const uint = (bits: bigint): fc.Arbitrary<bigint> => {
  const maximum = 2n ** bits - 1n;
  const edges = WIDTHS.filter((width) => width < bits).flatMap((width) => [2n ** width - 1n, 2n ** width]);
  return fc.oneof(fc.bigInt({ min: 0n, max: maximum }), fc.constantFrom(0n, 1n, maximum, ...edges));
};

/** A word as a number. */
export const uint256 = uint(256n);

/** Random bytes, all bytes alike, or a single bit, which shows a shift or a truncation. */
const bytesOf = (length: number): fc.Arbitrary<Hex> =>
  fc
    .oneof(
      fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => hexlify(bytes).slice(2)),
      fc.constantFrom("00", "01", "7f", "80", "ff").map((byte) => byte.repeat(length)),
      fc.nat({ max: 8 * length }).map((bit) => ((1n << BigInt(bit)) >> 1n).toString(16).padStart(2 * length, "0")),
    )
    .map((digits) => parseHex(`0x${length === 0 ? "" : digits}`));

/** Bytes of any length, often one at which something is full. */
export const bytes: fc.Arbitrary<Hex> = fc.oneof(fc.constantFrom(...LENGTHS), fc.nat({ max: 400 })).chain(bytesOf);

/** A word. */
export const bytes32: fc.Arbitrary<Bytes32> = bytesOf(32).map((hex) => parseBytes32(hex));

/** Head of a gateway's chain. */
export const bytes27: fc.Arbitrary<Bytes27> = bytesOf(27).map((hex) => parseBytes27(hex));

/** Digest of a document. */
export const digest: fc.Arbitrary<Digest> = bytes32.map((hex) => parseDigest(hex));

/** An address, of anybody or nobody. */
export const address: fc.Arbitrary<Address> = bytesOf(20).map((hex) => parseAddress(hex));

/** Names that the suite knows, names as they may be, and words that are none. */
export const eventType: fc.Arbitrary<EventType> = fc.oneof(
  fc
    .constantFrom("MANUFACTURED", "LOCKED", "STOLEN", "A", "A".repeat(31), "A".repeat(32))
    .map((name) => eventTypeOf(name)),
  fc.stringMatching(/^[A-Z][A-Z0-9_]{0,31}$/).map((name) => eventTypeOf(name)),
  bytes32.map((hex) => eventTypeSchema.parse(hex)),
);

/** An entry with any number in any field: hashing does not ask what is possible. */
export const entry: fc.Arbitrary<PassportEntry> = fc.record({
  sequence: uint256,
  eventType,
  attester: address,
  roles: uint256,
  document: digest,
  recordedAt: uint256,
  owner: address,
  condition: uint256,
});

/** A batch with any number in any field. */
export const batch: fc.Arbitrary<GatewayMessages["Batch"]> = fc.record({
  gateway: address,
  sequence: uint256,
  previousHead: bytes27,
  root: bytes32,
  count: uint256,
  from: uint256,
  to: uint256,
  document: digest,
});

/** Text of any script, in which no character is half a surrogate pair: the chain's UTF-8 cannot hold one. */
export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.string({ unit: "grapheme", maxLength: 100 }),
  fc
    .tuple(fc.constantFrom(...LENGTHS), fc.constantFrom("a", "/", "\0", "\x7f", "é", "\uffff", "\u{10ffff}"))
    .map(([length, character]) => character.repeat(length)),
);
