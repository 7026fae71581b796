import type { Call } from "../chain/prepare-transaction.js";
import type { WritingContext } from "../passport/context.js";
import { parseAddress } from "../primitives/hex.js";
import { createOperation } from "./create-operation.js";
import type { Proposal } from "./proposal.js";
import { readSafe } from "./read-safe.js";
import { readTimelock } from "./read-timelock.js";

/** What a Safe is to propose, and where. */
export interface CreateProposalOptions {
  readonly safe: string;
  readonly timelock: string;
  /** In this order; the call of any prepared transaction is one. */
  readonly calls: readonly [Call, ...Call[]];
  /** How long it waits; the timelock's own delay if left out. */
  readonly delaySeconds?: bigint | undefined;
}

/**
 * Makes a proposal for the owners of a Safe to sign. Nothing is signed and nothing sent.
 *
 * @param context - `provider`, `chainId`, `registry`, `randomBytes`
 * @param options - `safe`, `timelock`, `calls`, `delaySeconds`
 * @returns the proposal, without a signature, for the Safe's next position
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function createProposal(context: WritingContext, options: CreateProposalOptions): Promise<Proposal> {
  const safe = parseAddress(options.safe, { field: "safe" });
  const timelock = parseAddress(options.timelock, { field: "timelock" });
  const [{ nonce }, { minimumDelaySeconds }] = await Promise.all([
    readSafe(context, { safe }),
    readTimelock(context, { timelock }),
  ]);
  return {
    type: "Proposal",
    version: 1,
    chainId: context.chainId,
    registry: context.registry,
    safe,
    nonce,
    timelock,
    delaySeconds: options.delaySeconds ?? minimumDelaySeconds,
    operation: createOperation(context, { calls: options.calls }),
    signatures: [],
  };
}
