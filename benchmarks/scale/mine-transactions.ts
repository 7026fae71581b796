import { toBeHex, toQuantity } from "ethers";

/** One of the accounts that anvil holds the key of calls a contract. */
export interface Call {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** What became of a call. */
export interface Receipt {
  /** In hex. */
  readonly gasUsed: string;
  readonly logs: readonly { readonly topics: readonly string[]; readonly data: string }[];
}

/** Less than a transaction may take by EIP-7825. */
const GAS_LIMIT = toBeHex(16_000_000);

/**
 * Puts calls into one block, in their order.
 *
 * @param ask - asks anvil, which must not mine by itself
 * @param calls - each becomes a transaction
 * @returns their receipts
 * @throws Error if one is reverted
 */
export async function mineTransactions(
  ask: (method: string, ...params: readonly unknown[]) => Promise<unknown>,
  calls: readonly Call[],
): Promise<readonly Receipt[]> {
  const nonces = new Map<string, number>();
  for (const { from, ...call } of calls) {
    const nonce = nonces.get(from) ?? Number(await ask("eth_getTransactionCount", from, "latest"));
    nonces.set(from, nonce + 1);
    await ask("eth_sendTransaction", { from, ...call, gas: GAS_LIMIT, nonce: toQuantity(nonce) });
  }
  await ask("evm_mine");
  // Safety: what anvil answers has this form, as JSON-RPC of Ethereum has it.
  const receipts = (await ask("eth_getBlockReceipts", "latest")) as readonly (Receipt & { readonly status: string })[];
  if (receipts.length === calls.length && receipts.every(({ status }) => status === "0x1")) return receipts;
  throw new Error(`${receipts.length} of ${calls.length} transactions were mined, or one of them was reverted`);
}
