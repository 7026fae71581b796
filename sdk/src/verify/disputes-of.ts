import { OWNER_ROLE } from "../chain/manager-names.js";
import type { Address } from "../primitives/hex.js";
import type { AttesterStanding, EvidencedEntry } from "./evidence.js";

/** Entries that the manufacturer disputes, because the key of their attester was stolen. */
export interface Dispute {
  readonly attester: Address;
  /** Time since which the key is reported as stolen, Unix seconds. */
  readonly since: bigint;
  /** Positions of the entries. */
  readonly sequences: readonly bigint[];
}

/**
 * Finds the entries whose attester's key was stolen when they were recorded. What somebody recorded as the owner, and
 * sales and locks, are not the manufacturer's to dispute: it must not be able to freeze property.
 *
 * @param entries - the history
 * @param standings - what the manager says of the attesters
 * @returns one for each attester with such entries
 */
export function disputesOf(
  entries: readonly EvidencedEntry[],
  standings: ReadonlyMap<Address, AttesterStanding>,
): readonly Dispute[] {
  const disputed = new Map<Address, bigint[]>();
  for (const entry of entries) {
    const { attester, sequence, recordedAt } = entry;
    const since = standings.get(attester)?.compromisedSince;
    if (since === undefined || recordedAt < since || !isTheManufacturersToDispute(entry)) continue;
    const sequences = disputed.get(attester);
    if (sequences === undefined) disputed.set(attester, [sequence]);
    else sequences.push(sequence);
  }
  return [...standings].flatMap(([attester, { compromisedSince: since }]) => {
    const sequences = disputed.get(attester);
    return since === undefined || sequences === undefined ? [] : [{ attester, since, sequences }];
  });
}

/**
 * The first entry is the manager's own. Whoever acted as the owner needed no other role, also where he was given some:
 * else a manufacturer could grant a role to an owner only to dispute what he records.
 */
function isTheManufacturersToDispute({ sequence, roles }: EvidencedEntry): boolean {
  return sequence === 1n || (roles !== 0n && (roles & OWNER_ROLE) === 0n);
}
