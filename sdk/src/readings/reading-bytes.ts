import { keccak_256 } from "@noble/hashes/sha3.js";
import { hexlify } from "ethers";
import { canonicalise } from "../document/canonicalise.js";
import { type Bytes32, bytes32Schema } from "../primitives/hex.js";
import type { Reading } from "./reading.js";

/**
 * The one form in which a reading is kept: a line of the batch's file, without its end.
 *
 * @param reading - that was parsed
 * @returns canonical JSON (RFC 8785) in UTF-8
 */
export function readingBytes(reading: Reading): Uint8Array {
  return canonicalise(reading);
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

/**
 * The leaf of a line of a batch's file.
 *
 * @param bytes - the line without its end
 * @returns keccak-256 of the keccak-256
 */
export function leafOfBytes(bytes: Uint8Array): Uint8Array {
  return keccak_256(keccak_256(bytes));
}
