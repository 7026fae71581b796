import type { Provider } from "ethers";
import { readGrant } from "../passport/read-grant.js";
import { readManagerNames } from "../passport/read-manager-names.js";
import { readEventRules } from "../passport/read-rules.js";
import type { Address } from "../primitives/hex.js";
import type { AttesterStanding, ManagerEvidence } from "./evidence.js";

const REQUESTS_AT_ONCE = 8;

/**
 * Fetches what the manufacturer's manager says about its rules and about attesters.
 *
 * @param provider - any ethers provider
 * @param options - the `manager`, the `attesters` of a history, number of the block
 * @returns the evidence
 * @throws PassportError `chain.*`, `contract.*`
 */
export async function gatherManager(
  provider: Provider,
  options: { readonly manager: Address; readonly attesters: readonly Address[]; readonly block: bigint },
): Promise<ManagerEvidence> {
  const { manager, block } = options;
  const standings = new Map<Address, AttesterStanding>();
  const pending = [...new Set(options.attesters)].values();
  const readNext = async (): Promise<void> => {
    for (const attester of pending) {
      const { revokedAt, compromisedSince } = await readGrant({ provider }, { manager, attester, block });
      standings.set(attester, { revokedAt, compromisedSince });
    }
  };
  const [names, rules] = await Promise.all([
    readManagerNames({ provider }, { manager, block }),
    readEventRules(provider, { manager, block }),
    ...Array.from({ length: REQUESTS_AT_ONCE }, readNext),
  ]);
  return { names, rules, standings };
}
