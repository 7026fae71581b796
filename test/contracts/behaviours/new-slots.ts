import type { ContractTransactionResponse } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

/** A storage slot that a transaction has filled. */
export interface NewSlot {
  readonly contract: string;
  readonly slot: string;
}

interface StateDifference {
  readonly pre: Readonly<Record<string, { readonly storage?: Readonly<Record<string, string>> }>>;
  readonly post: StateDifference["pre"];
}

/**
 * Slots that were zero before a transaction and are not any more: what an entry leaves behind for ever.
 *
 * @param connection - the chain
 * @param transaction - a transaction that has been recorded
 */
export async function newSlotsOf(
  { provider }: NetworkConnection,
  transaction: ContractTransactionResponse,
): Promise<readonly NewSlot[]> {
  const difference = await provider.request({
    method: "debug_traceTransaction",
    params: [transaction.hash, { tracer: "prestateTracer", tracerConfig: { diffMode: true } }],
  });
  // Safety: this is the form in which the tracer reports a difference.
  const { pre, post } = difference as StateDifference;
  return Object.entries(post).flatMap(([contract, { storage = {} }]) =>
    Object.keys(storage)
      .filter((slot) => BigInt(pre[contract]?.storage?.[slot] ?? 0) === 0n)
      .map((slot) => ({ contract, slot })),
  );
}
