import { TypedDataEncoder, ZeroAddress } from "ethers";
import type { Call } from "../chain/prepare-transaction.js";
import { type Address, parseBytes32 } from "../primitives/hex.js";

/** What the owners of a Safe sign: one call in its name, with nothing refunded and nothing delegated. */
export interface SafeTransaction {
  readonly chainId: bigint;
  readonly safe: Address;
  /** Position among all transactions of the Safe; a signature is dead once another one has taken it. */
  readonly nonce: bigint;
  readonly call: Call;
}

/** Fields of a Safe's EIP-712 type, in the order in which they are hashed and passed. */
const SAFE_TX = [
  { name: "to", type: "address" },
  { name: "value", type: "uint256" },
  { name: "data", type: "bytes" },
  { name: "operation", type: "uint8" },
  { name: "safeTxGas", type: "uint256" },
  { name: "baseGas", type: "uint256" },
  { name: "gasPrice", type: "uint256" },
  { name: "gasToken", type: "address" },
  { name: "refundReceiver", type: "address" },
  { name: "nonce", type: "uint256" },
];

/**
 * The EIP-712 data of a transaction of a Safe.
 *
 * @param transaction - chain, Safe, nonce and call
 * @returns what its owners sign, and its digest
 */
export function safeTypedData({ chainId, safe, nonce, call }: SafeTransaction) {
  const domain = { chainId, verifyingContract: safe };
  const types = { SafeTx: SAFE_TX };
  const message = { ...safeArguments(call), nonce };
  return { domain, types, message, digest: parseBytes32(TypedDataEncoder.hash(domain, types, message)) };
}

/**
 * What a Safe is told to do: an ordinary call whose failure reverts everything.
 *
 * @param call - in the Safe's name
 * @returns the fields of its EIP-712 type but the nonce
 */
export function safeArguments({ to, data, valueWei }: Call) {
  const payment = { safeTxGas: 0n, baseGas: 0n, gasPrice: 0n, gasToken: ZeroAddress, refundReceiver: ZeroAddress };
  return { to, value: valueWei, data, operation: 0n, ...payment };
}
