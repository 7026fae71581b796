import { AbiCoder, keccak256 } from "ethers";
import type { Address, Hex } from "../primitives/hex.js";

// Where the contracts of this suite keep what a verification looks at. The numbers are those of the compiler; a test
// compares what is read here with what the contracts answer.

/** Slots of a passport (DigitalPassport, version 1). */
export const PASSPORT_SLOTS = {
  head: 2n,
  state: 3n,
  offer: 4n,
  offerDocument: 5n,
  lock: 6n,
  lockDocument: 7n,
} as const;

/** Slots of the registry (PassportRegistry). */
export const REGISTRY_SLOTS = {
  passportOf: 4n,
  implementationCodeHashOf: 5n,
  namespaceOf: 6n,
  admissions: 7n,
  factories: 9n,
} as const;

/** Slots of every manager that extends ManufacturerManager: they come before those of its brand. */
export const MANAGER_SLOTS = {
  definedRoles: 4n,
  definedConditions: 5n,
  roleNameOf: 6n,
  conditionNameOf: 7n,
  roles: 9n,
  eventTypes: 10n,
  rules: 11n,
  grants: 12n,
} as const;

/**
 * The slot of a mapping's value.
 *
 * @param mapping - slot of the mapping
 * @param key - an address, 32 bytes, or a number
 * @returns the slot
 */
export function slotOfValue(mapping: bigint, key: Address | Hex | bigint): bigint {
  const word = typeof key === "bigint" ? key : BigInt(key);
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [word, mapping])));
}

/**
 * The slots of an array's items, or of the bytes of a long string.
 *
 * @param array - slot of the array
 * @param count - how many
 * @returns the slots, in order
 */
export function slotsOfItems(array: bigint, count: number): readonly bigint[] {
  const first = BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["uint256"], [array])));
  return Array.from({ length: count }, (_, index) => BigInt.asUintN(256, first + BigInt(index)));
}

/**
 * Takes a packed field out of a word.
 *
 * @param word - of a slot
 * @param field - its first bit, counted from the lowest, and how many bits it has
 * @returns its value
 */
export function bitsOfWord(word: bigint, field: { readonly first: number; readonly count: number }): bigint {
  return BigInt.asUintN(field.count, word >> BigInt(field.first));
}
