import { NATIVE_CONDITIONS } from "../primitives/native-conditions.js";

/** The names that a manager gives to its bits. */
export interface ManagerNames {
  /** Name of each role by its bit. */
  readonly roles: ReadonlyMap<bigint, string>;
  /** Name of each condition of the brand by its bit. */
  readonly conditions: ReadonlyMap<bigint, string>;
}

/** Role of the current owner in every manager; held by owning the product, never granted. */
export const OWNER_ROLE = 1n << 127n;

/** The conditions that every passport knows; a brand has further ones in the bits 8 to 15. */
const NATIVE_NAMES: ReadonlyMap<bigint, string> = new Map(
  Object.entries(NATIVE_CONDITIONS).map(([name, bit]) => [bit, name]),
);

const NO_NAMES: ManagerNames = { roles: new Map(), conditions: new Map() };

/**
 * Names roles.
 *
 * @param roles - one bit each
 * @param names - those of the manager, if they are known
 * @returns one word per bit, the lowest first; a bit without a name as hex
 */
export function rolesInWords(roles: bigint, names: ManagerNames = NO_NAMES): readonly string[] {
  return bitsOf(roles).map((bit) => names.roles.get(bit) ?? (bit === OWNER_ROLE ? "OWNER" : hexOf(bit)));
}

/**
 * Names conditions.
 *
 * @param condition - one bit each
 * @param names - those of the manager, if they are known
 * @returns one word per bit, the lowest first; a bit without a name as hex
 */
export function conditionInWords(condition: bigint, names: ManagerNames = NO_NAMES): readonly string[] {
  return bitsOf(condition).map((bit) => NATIVE_NAMES.get(bit) ?? names.conditions.get(bit) ?? hexOf(bit));
}

function bitsOf(bits: bigint): readonly bigint[] {
  return [...bits.toString(2)].reverse().flatMap((digit, index) => (digit === "1" ? [1n << BigInt(index)] : []));
}

function hexOf(bit: bigint): string {
  return `0x${bit.toString(16)}`;
}
