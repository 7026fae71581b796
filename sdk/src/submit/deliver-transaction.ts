import { JsonRpcApiProvider, type Provider, type TransactionReceipt } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { chainErrorOf } from "../chain/chain-error-of.js";
import { endpointOf } from "../chain/endpoint-of.js";
import { PassportError } from "../errors/passport-error.js";
import { type Address, type Bytes32, type Hex, parseBytes32 } from "../primitives/hex.js";
import { classifySendError } from "./classify-send-error.js";
import { type Patience, persist } from "./persist.js";

/** A block, as a receipt names it. */
export interface BlockReference {
  readonly number: number;
  readonly hash: Bytes32;
}

/** What became of a nonce, and the block in which that can be seen. */
export type Delivery =
  | { readonly status: "succeeded" | "reverted"; readonly receipt: TransactionReceipt; readonly block: BlockReference }
  /** Another transaction has used the nonce; ours will never be included in this chain. */
  | { readonly status: "displaced"; readonly block: BlockReference };

/** A signed transaction that is in the journal. */
export interface SignedTransaction {
  readonly sender: Address;
  readonly nonce: number;
  /** Hashes of all that was ever signed for this nonce. */
  readonly hashes: readonly Bytes32[];
  /** The last of them. */
  readonly raw: Hex;
}

/** How it is delivered. */
export interface DeliveryOptions {
  /** Whether no byte of it has ever left: then there is no receipt to look for first. */
  readonly isNew: boolean;
  /** Signs the same call with present fees for the same nonce, and makes it durable. */
  readonly signAgain: (transaction: SignedTransaction) => Promise<SignedTransaction>;
  readonly patience: Patience;
}

/** After the sequencer has answered, the receipt is there; other nodes need a moment. */
const RECEIPT_WAITS_MILLISECONDS: readonly number[] = [0, 20, 50, 100, 200];

/**
 * Sends the same bytes until the chain says what became of their nonce. Whatever answers get lost, only a receipt or a
 * nonce that is used without one ends it.
 *
 * @param provider - any ethers provider
 * @param transaction - signed and durable
 * @param options - whether it is new, how it is signed again, patience
 * @returns what became of it
 * @throws what `patience` does not cover
 */
export async function deliverTransaction(
  provider: Provider,
  transaction: SignedTransaction,
  options: DeliveryOptions,
): Promise<Delivery> {
  let current = transaction;
  let { isNew } = options;
  return await persist(async () => {
    const earlier = isNew ? undefined : await findDelivery(provider, current);
    if (earlier !== undefined) return earlier;
    isNew = false;

    const error = await broadcast(provider, current);
    if (error === undefined) return await waitForDelivery(provider, current);
    const failure = classifySendError(error);
    const delivery =
      failure === "already-done" ? await findUseOfNonce(provider, current) : await findDelivery(provider, current);
    if (delivery !== undefined) return delivery;
    if (failure === "outdated") current = await options.signAgain(current);
    throw error;
  }, options.patience);
}

async function broadcast(provider: Provider, { raw, sender }: SignedTransaction): Promise<unknown> {
  try {
    // `broadcastTransaction` recovers the sender of what was signed here, and asks which block it is.
    if (provider instanceof JsonRpcApiProvider) await provider.send("eth_sendRawTransaction", [raw]);
    else await provider.broadcastTransaction(raw);
    return undefined;
  } catch (error) {
    return chainErrorOf(error, { endpoint: endpointOf(provider), account: sender });
  }
}

async function waitForDelivery(provider: Provider, transaction: SignedTransaction): Promise<Delivery> {
  for (const milliseconds of RECEIPT_WAITS_MILLISECONDS) {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    const delivery = await findDelivery(provider, transaction);
    if (delivery !== undefined) return delivery;
  }
  const problem = `it took the transaction ${transaction.hashes.at(-1)}, but has no receipt yet`;
  throw new PassportError("chain.unreachable", { endpoint: endpointOf(provider), problem });
}

async function findDelivery(provider: Provider, { hashes }: SignedTransaction): Promise<Delivery | undefined> {
  for (const hash of hashes.toReversed()) {
    const receipt = await askNode(provider, () => provider.getTransactionReceipt(hash));
    if (receipt === null) continue;
    const block = { number: receipt.blockNumber, hash: parseBytes32(receipt.blockHash) };
    return { status: receipt.status === 0 ? "reverted" : "succeeded", receipt, block };
  }
  return undefined;
}

/** The nonce is asked first: a receipt that comes in between is then seen. */
async function findUseOfNonce(provider: Provider, transaction: SignedTransaction): Promise<Delivery | undefined> {
  const { sender, nonce } = transaction;
  const block = await askNode(provider, () => provider.getBlock("latest"));
  const count = await askNode(provider, () => provider.getTransactionCount(sender, block?.number));
  const delivery = await findDelivery(provider, transaction);
  if (delivery !== undefined || count <= nonce || block?.hash == null) return delivery;
  return { status: "displaced", block: { number: block.number, hash: parseBytes32(block.hash) } };
}
