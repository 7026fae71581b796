import { getAddress } from "ethers";
import * as z from "zod";
import { parseInput } from "./parse-input.js";

/** Bytes as `0x` and lower-case hex, whole bytes. */
export const hexSchema = z
  .templateLiteral(["0x", z.string().regex(/^(?:[0-9a-f]{2})*$/)], { error: "expected 0x and lower-case hex" })
  .brand<"Hex">();

/** 32 bytes as `0x` and 64 lower-case hex digits. */
export const bytes32Schema = z
  .templateLiteral(["0x", z.string().regex(/^[0-9a-f]{64}$/)], { error: "expected 0x and 64 lower-case hex digits" })
  .brand<"Hex">()
  .brand<"Bytes32">();

/** 27 bytes as `0x` and 54 lower-case hex digits. */
export const bytes27Schema = z
  .templateLiteral(["0x", z.string().regex(/^[0-9a-f]{54}$/)], { error: "expected 0x and 54 lower-case hex digits" })
  .brand<"Hex">()
  .brand<"Bytes27">();

/** A sha2-256 digest of a document or a file. */
export const digestSchema = bytes32Schema.brand<"Digest">();

/** An account or contract, with the upper- and lower-case check of EIP-55. */
export const addressSchema = z
  .templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{40}$/)], { error: "expected 0x and 40 hex digits" })
  .refine(hasAddressChecksum, "the upper and lower case letters do not fit EIP-55; an address digit may be wrong")
  .brand<"Hex">()
  .brand<"Address">();

/** Bytes as `0x` and lower-case hex. */
export type Hex = z.infer<typeof hexSchema>;
/** 32 bytes as hex, as a contract's `bytes32`. */
export type Bytes32 = z.infer<typeof bytes32Schema>;
/** 27 bytes as hex, as a contract's `bytes27`: the head of a gateway's chain. */
export type Bytes27 = z.infer<typeof bytes27Schema>;
/** A sha2-256 digest: what the chain keeps of a document. */
export type Digest = z.infer<typeof digestSchema>;
/** An account or contract, always in the spelling of EIP-55. */
export type Address = z.infer<typeof addressSchema>;

/** How a caller names the value he has parsed. */
export interface FieldOptions {
  /** Name of the value in the error; a fitting word if left out. */
  readonly field?: string;
}

/**
 * Parses bytes written as hex, in either case.
 *
 * @param value - from outside
 * @param options - `field`: its name in an error
 * @returns the bytes in lower-case hex
 * @throws PassportError `input.invalid`
 */
export function parseHex(value: unknown, options: FieldOptions = {}): Hex {
  return parseInput(hexSchema, toLowerCase(value), { field: options.field ?? "hex" });
}

/**
 * Parses 32 bytes written as hex, in either case.
 *
 * @param value - from outside
 * @param options - `field`: its name in an error
 * @returns the bytes in lower-case hex
 * @throws PassportError `input.invalid`
 */
export function parseBytes32(value: unknown, options: FieldOptions = {}): Bytes32 {
  return parseInput(bytes32Schema, toLowerCase(value), { field: options.field ?? "bytes32" });
}

/**
 * Parses 27 bytes written as hex, in either case.
 *
 * @param value - from outside
 * @param options - `field`: its name in an error
 * @returns the bytes in lower-case hex
 * @throws PassportError `input.invalid`
 */
export function parseBytes27(value: unknown, options: FieldOptions = {}): Bytes27 {
  return parseInput(bytes27Schema, toLowerCase(value), { field: options.field ?? "bytes27" });
}

/**
 * Parses a sha2-256 digest written as hex, in either case.
 *
 * @param value - from outside
 * @param options - `field`: its name in an error
 * @returns the digest in lower-case hex
 * @throws PassportError `input.invalid`
 */
export function parseDigest(value: unknown, options: FieldOptions = {}): Digest {
  return parseInput(digestSchema, toLowerCase(value), { field: options.field ?? "digest" });
}

/**
 * Parses an address: all in lower case, or with a right EIP-55 checksum.
 *
 * @param value - from outside
 * @param options - `field`: its name in an error
 * @returns the address in the spelling of EIP-55
 * @throws PassportError `input.invalid`
 */
export function parseAddress(value: unknown, options: FieldOptions = {}): Address {
  const isLowerCase = typeof value === "string" && /^0x[0-9a-f]{40}$/.test(value);
  return parseInput(addressSchema, isLowerCase ? getAddress(value) : value, { field: options.field ?? "address" });
}

function hasAddressChecksum(address: string): boolean {
  return getAddress(address.toLowerCase()) === address;
}

function toLowerCase(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase() : value;
}
