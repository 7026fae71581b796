import { askNode } from "../chain/ask-node.js";
import { TimelockController__factory } from "../contracts/index.js";
import type { ReadingContext } from "../passport/context.js";
import { parseAddress } from "../primitives/hex.js";
import { type AdministrativeRole, readAdministrativeRoles } from "./read-administrative-roles.js";

/** What a timelock is good for. */
export interface Timelock {
  /** Least time between scheduling an operation and executing it. */
  readonly minimumDelaySeconds: bigint;
  /** What it may do in the registry. */
  readonly administrativeRoles: readonly AdministrativeRole[];
}

/**
 * Reads how long a timelock waits, and what it may do in the registry.
 *
 * @param context - `provider`, `registry`
 * @param options - `timelock`: its address
 * @returns delay and administrative roles
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function readTimelock(
  context: Pick<ReadingContext, "provider" | "registry">,
  options: { readonly timelock: string },
): Promise<Timelock> {
  const account = parseAddress(options.timelock, { field: "timelock" });
  const contract = TimelockController__factory.connect(account, context.provider);
  const [minimumDelaySeconds, administrativeRoles] = await Promise.all([
    askNode(context.provider, () => contract.getMinDelay()),
    readAdministrativeRoles(context, { account }),
  ]);
  return { minimumDelaySeconds, administrativeRoles };
}
