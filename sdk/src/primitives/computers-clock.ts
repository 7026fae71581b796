/**
 * The present time as this computer knows it.
 *
 * @returns Unix seconds
 */
export function computersClock(): bigint {
  return BigInt(Math.floor(Date.now() / 1_000));
}
