import { keccak_256 } from "@noble/hashes/sha3.js";
import { hexlify } from "ethers";
import { type Bytes32, bytes32Schema } from "../primitives/hex.js";
import type { Reading } from "./reading.js";

const encoder = new TextEncoder();

/**
 * The one form in which a reading is kept: a line of the batch's file, without its end.
 *
 * @param reading - that was parsed
 * @returns canonical JSON (RFC 8785) in UTF-8
 */
export function readingBytes(reading: Reading): Uint8Array {
  const { product, quantity, sensor, sequence, signature, time, unit, value } = reading;
  // With its keys in order, and neither another number nor a character beyond ASCII, JSON is canonical as it is written.
  return encoder.encode(JSON.stringify({ product, quantity, sensor, sequence, signature, time, unit, value }));
}

/**
 * A reading's leaf in the Merkle tree of its batch.
 *
 * @param reading - that was parsed
 * @returns keccak-256 of the keccak-256 of its bytes: hashed twice, no leaf can pass for an inner node
 */
export function leafOfReading(reading: Reading): Bytes32 {
  return bytes32Schema.parse(hexlify(leafOfBytes(readingBytes(reading))));
}

/** Computes the Keccak-256 of bytes. */
export type Keccak256 = (bytes: Uint8Array) => Uint8Array;

/**
 * The leaf of a line of a batch's file.
 *
 * @param bytes - the line without its end
 * @param keccak256 - another implementation than the one in JavaScript
 * @returns keccak-256 of the keccak-256
 */
export function leafOfBytes(bytes: Uint8Array, keccak256: Keccak256 = keccak_256): Uint8Array {
  return keccak256(keccak256(bytes));
}
