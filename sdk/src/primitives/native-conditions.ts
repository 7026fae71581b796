/** The condition bits that every passport knows, as contracts/libraries/Conditions.sol defines them. */
export const NATIVE_CONDITIONS = {
  ISSUED: 0x01n,
  LOCKED: 0x02n,
  STOLEN: 0x04n,
  RETIRED: 0x08n,
  SUPERSEDED: 0x10n,
} as const;
