import { brotliCompressSync, constants } from "node:zlib";
import { getBytes, type Provider, Transaction } from "ethers";

/** What the cost in money rests on. Only gas and bytes are measured; these are assumptions. */
export const ASSUMPTIONS = {
  l2GasPriceWei: 20_000_000n,
  l1BaseFeeWei: 1_000_000_000n,
  usDollarsPerEth: 3_000,
} as const;

/** Gas of Ethereum that Arbitrum charges for each byte of a compressed transaction. */
const L1_GAS_PER_BYTE = 16n;

/** What a transaction costs on Arbitrum. */
export interface Cost {
  /** From the receipt. */
  readonly gas: bigint;
  /** Of the signed transaction, compressed as Arbitrum does before it counts the bytes. */
  readonly compressedBytes: number;
  /** Under the assumptions. */
  readonly usCents: number;
}

/**
 * Works out what a transaction of the local chain would cost on Arbitrum: gas for running it, and bytes for keeping it
 * on Ethereum.
 *
 * @param provider - of the chain that included it
 * @param options - `transactionHash`
 * @returns gas, bytes and cost
 */
export async function costOfTransaction(
  provider: Provider,
  { transactionHash }: { readonly transactionHash: string },
): Promise<Cost> {
  const [transaction, receipt] = await Promise.all([
    provider.getTransaction(transactionHash),
    provider.getTransactionReceipt(transactionHash),
  ]);
  if (transaction === null || receipt === null) throw new Error(`The chain does not have ${transactionHash}`);
  const compressedBytes = compressedLength(getBytes(Transaction.from(transaction).serialized));
  return { gas: receipt.gasUsed, compressedBytes, usCents: usCentsOf({ gas: receipt.gasUsed, compressedBytes }) };
}

/**
 * Length of a transaction as Arbitrum counts it for its share of what Ethereum costs.
 *
 * @param transaction - signed, in bytes
 * @returns its length under brotli, level 1, window 22
 */
export function compressedLength(transaction: Uint8Array): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 22 };
  return brotliCompressSync(transaction, { params }).length;
}

/**
 * Turns gas and bytes into money.
 *
 * @param cost - gas and compressed bytes of one or more transactions
 * @param options - `l1BaseFeeWei` of Ethereum; that of the assumptions if left out
 * @returns US cents
 */
export function usCentsOf(
  { gas, compressedBytes }: Pick<Cost, "gas" | "compressedBytes">,
  { l1BaseFeeWei = ASSUMPTIONS.l1BaseFeeWei }: { readonly l1BaseFeeWei?: bigint } = {},
): number {
  const wei = gas * ASSUMPTIONS.l2GasPriceWei + L1_GAS_PER_BYTE * BigInt(compressedBytes) * l1BaseFeeWei;
  return (Number(wei) / 1e18) * ASSUMPTIONS.usDollarsPerEth * 100;
}
