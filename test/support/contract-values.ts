import { encodeBytes32String, Result, sha256, toUtf8Bytes } from "ethers";

/** Role of the current owner: held by owning the product, never granted. */
export const ROLE_OWNER = 1n << 127n;

/** Condition bits of the passport itself, as contracts/libraries/Conditions.sol defines them. */
export const CONDITIONS = {
  ISSUED: 0x01n,
  LOCKED: 0x02n,
  STOLEN: 0x04n,
  RETIRED: 0x08n,
  SUPERSEDED: 0x10n,
} as const;

/** Event types that only the passport itself records. */
export const NATIVE_EVENT_TYPES = ["MANUFACTURED", "OWNERSHIP_TRANSFERRED", "LOCKED", "RELEASED"] as const;

/** Event types that no guardian can pause. */
export const UNPAUSABLE_EVENT_TYPES = ["STOLEN", "RECOVERED", "RECALLED", "CORRECTED", "REVOKED"] as const;

/**
 * A name as the contracts hold it.
 *
 * @param name - ASCII, at most 31 characters
 * @returns the name, left-aligned in 32 bytes
 */
export const nameOf = (name: string): string => encodeBytes32String(name);

/**
 * Digest of a document.
 *
 * @param text - what stands for the document
 * @returns its sha2-256 digest
 */
export const documentOf = (text: string): string => sha256(toUtf8Bytes(text));

/**
 * Unites bits.
 *
 * @param bits - roles or condition bits
 * @returns all of them in one number
 */
export const unite = (bits: readonly bigint[]): bigint => bits.reduce((united, bit) => united | bit, 0n);

/** Latest Unix second that the contracts can hold, for what does not end. */
export const NO_END = 2n ** 40n - 1n;

/**
 * What a contract answered, by the names of its fields; ethers gives an array that knows the names as well.
 *
 * @param answer - a struct or several return values
 * @returns a plain object
 */
export const fieldsOf = (answer: unknown): Record<string, unknown> => {
  if (!(answer instanceof Result)) throw new Error("Not what a contract answers with");
  return answer.toObject();
};
