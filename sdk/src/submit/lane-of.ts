import { id } from "ethers";

/**
 * Chooses among lanes by a key: the same key and the same number of lanes, the same lane.
 *
 * @param key - such as the address of a passport or gateway
 * @param options - `count`: number of lanes, at least one
 * @returns position of the lane, from 0
 */
export function laneOf(key: string, options: { readonly count: number }): number {
  return Number(BigInt(id(key)) % BigInt(options.count));
}
