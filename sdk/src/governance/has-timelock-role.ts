import { id } from "ethers";
import * as z from "zod";
import { askNode } from "../chain/ask-node.js";
import { TimelockController__factory } from "../contracts/index.js";
import type { ReadingContext } from "../passport/context.js";
import { parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";

const roleSchema = z.enum(["PROPOSER_ROLE", "EXECUTOR_ROLE", "CANCELLER_ROLE"]);

/** Who is asked for, in which timelock. */
export interface TimelockRoleOptions {
  readonly timelock: string;
  readonly role: z.infer<typeof roleSchema>;
  /** The zero address stands for everybody. */
  readonly account: string;
}

/**
 * Tells whether an account may propose, execute or cancel operations of a timelock.
 *
 * @param context - `provider`
 * @param options - which timelock, which role, which account
 * @returns whether it may
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function hasTimelockRole(
  { provider }: Pick<ReadingContext, "provider">,
  options: TimelockRoleOptions,
): Promise<boolean> {
  const timelock = TimelockController__factory.connect(parseAddress(options.timelock, { field: "timelock" }), provider);
  const role = id(parseInput(roleSchema, options.role, { field: "role" }));
  const account = parseAddress(options.account, { field: "account" });
  return await askNode(provider, () => timelock.hasRole(role, account));
}
