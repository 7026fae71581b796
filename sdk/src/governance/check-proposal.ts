import { recoverAddress } from "ethers";
import { PassportError } from "../errors/passport-error.js";
import type { ReadingContext } from "../passport/context.js";
import { type Address, type Bytes32, type Hex, parseAddress } from "../primitives/hex.js";
import { hasTimelockRole } from "./has-timelock-role.js";
import { type Proposal, transactionOf } from "./proposal.js";
import { readSafe, type Safe } from "./read-safe.js";
import { readTimelock, type Timelock } from "./read-timelock.js";
import { safeTypedData } from "./safe-transaction.js";
import { operationId } from "./timelock-operation.js";

/** A proposal that fits what the chain says of Safe and timelock. */
export interface CheckedProposal {
  /** What the owners of the Safe sign. */
  readonly digest: Bytes32;
  /** Under which the timelock will know the operation. */
  readonly id: Bytes32;
  readonly safe: Safe;
  readonly timelock: Timelock;
  /** Owners whose signatures it has, by their addresses: as the Safe wants them. */
  readonly signatures: readonly { readonly owner: Address; readonly signature: Hex }[];
}

/**
 * Compares a proposal with the chain: is it for this registry, does this Safe propose to this timelock, is it the Safe's
 * turn, is the delay long enough, is each signature one of an owner?
 *
 * @param context - `provider`, `chainId`, `registry`
 * @param proposal - from wherever
 * @returns what was found
 * @throws PassportError `proposal.unfit`, `chain.*`
 */
export async function checkProposal(
  context: Pick<ReadingContext, "provider" | "chainId" | "registry">,
  proposal: Proposal,
): Promise<CheckedProposal> {
  requireFit(proposal.chainId === context.chainId, `it is for the chain ${proposal.chainId}, not ${context.chainId}`);
  const isOurs = proposal.registry === context.registry;
  requireFit(isOurs, `it is for the registry ${proposal.registry}, not ${context.registry}`);
  const [safe, timelock, mayPropose] = await Promise.all([
    readSafe(context, { safe: proposal.safe }),
    readTimelock(context, { timelock: proposal.timelock }),
    hasTimelockRole(context, { timelock: proposal.timelock, role: "PROPOSER_ROLE", account: proposal.safe }),
  ]);
  requireFit(mayPropose, `the Safe ${proposal.safe} may not propose to the timelock ${proposal.timelock}`);
  requireFit(
    timelock.administrativeRoles.length > 0,
    `the timelock ${proposal.timelock} has no administrative role in the registry`,
  );
  const { minimumDelaySeconds } = timelock;
  const isLongEnough = proposal.delaySeconds >= minimumDelaySeconds;
  requireFit(isLongEnough, `it waits ${proposal.delaySeconds} seconds, the timelock wants ${minimumDelaySeconds}`);
  const isNext = proposal.nonce === safe.nonce;
  requireFit(isNext, `it is for position ${proposal.nonce} of the Safe, whose next one is ${safe.nonce}`);

  const { digest } = safeTypedData(transactionOf(proposal));
  return {
    digest,
    id: operationId(proposal.operation),
    safe,
    timelock,
    signatures: signaturesOf(proposal, { digest, safe }),
  };
}

function signaturesOf(
  { signatures }: Proposal,
  { digest, safe }: { readonly digest: Bytes32; readonly safe: Safe },
): CheckedProposal["signatures"] {
  const found = signatures.map((signature) => ({ owner: signerOf(signature, digest), signature }));
  for (const { owner } of found)
    requireFit(safe.owners.includes(owner), `${owner}, who signed, is no owner of the Safe`);
  requireFit(new Set(found.map(({ owner }) => owner)).size === found.length, "an owner has signed it twice");
  return found.toSorted((one, other) => (BigInt(one.owner) < BigInt(other.owner) ? -1 : 1));
}

function signerOf(signature: Hex, digest: Bytes32): Address {
  try {
    return parseAddress(recoverAddress(digest, signature));
  } catch (cause) {
    throw new PassportError("proposal.unfit", { problem: `it has a signature that is none: ${signature}` }, { cause });
  }
}

function requireFit(isFit: boolean, problem: string): void {
  if (!isFit) throw new PassportError("proposal.unfit", { problem });
}
