import type { Log, Provider, Signer, TransactionReceipt } from "ethers";
import { getBigInt } from "ethers";
import * as z from "zod";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { type Address, type Bytes32, type Hex, parseBytes32, parseHex } from "../primitives/hex.js";
import { chainErrorOf } from "./chain-error-of.js";
import { endpointOf } from "./endpoint-of.js";
import type { ManagerNames } from "./manager-names.js";
import { requireChain } from "./require-chain.js";

/** What is sent to a contract. Whoever sends it, the effect is the same where the contract checks signatures. */
export interface Call {
  readonly to: Address;
  readonly data: Hex;
  readonly valueWei: bigint;
}

/** What a transaction costs. */
export interface Estimate {
  /** Gas that the node expects it to use. */
  readonly gas: bigint;
  /** Most gas that it may use: a fifth more, because the part for L1 data moves between blocks. */
  readonly gasLimit: bigint;
  /** Most that is paid for one gas, in wei: a multiple of the present base fee, without a tip. */
  readonly maxFeePerGasWei: bigint;
  /** Expected cost at the present base fee, in wei. */
  readonly costWei: bigint;
  /** What the account must hold for it, in wei. */
  readonly maximumCostWei: bigint;
}

/** A transaction that was included. On Arbitrum that is: sequenced; it is final on Ethereum some minutes later. */
export interface Sent<Result> {
  /** What it did, read from the event of the contract that was called. */
  readonly result: Result;
  readonly transactionHash: Bytes32;
  readonly blockNumber: bigint;
  readonly gasUsed: bigint;
  /** The part of `gasUsed` that pays for data on L1; undefined where the node does not say. */
  readonly gasUsedForL1: bigint | undefined;
  /** What was paid, in wei. */
  readonly costWei: bigint;
}

/** A write that has not happened yet. Nothing is sent before `send()`; the call may as well be sent by somebody else. */
export interface PreparedTransaction<Result> {
  readonly call: Call;
  /**
   * Asks what it costs, and whether the contract would accept it.
   *
   * @throws PassportError `contract.*`, `chain.*`
   */
  estimate(): Promise<Estimate>;
  /**
   * Sends it and waits until it is included. Once it is, calling again sends nothing and returns the same. After
   * `chain.outcome-unknown` nothing is sent again either: it may have been included.
   *
   * @throws PassportError `contract.*`, `chain.*`, `signer.missing`, `signer.refused`
   */
  send(): Promise<Sent<Result>>;
}

/** How transactions reach the chain. */
export interface SendingContext {
  readonly provider: Provider;
  readonly chainId: bigint;
  /** Who sends and pays; without one, transactions can be prepared but not sent. */
  readonly signer?: Signer | undefined;
}

/** What is to be done, and how its result is read. */
export interface PreparedCall<Result> {
  readonly to: Address;
  /** Encoded call of a contract's function. */
  readonly data: string;
  /** Reads the result from the logs of the receipt; believes only those of the right address. */
  decode(logs: readonly Log[], transactionHash: Bytes32): Result;
  /** Looks up the names of the manager's bits; asked only when the contract refuses, and told with what. */
  readonly names?: ((refusal: PassportError) => Promise<ManagerNames>) | undefined;
}

/** The base fee at most doubles within some minutes; what is not needed is not paid. */
const BASE_FEE_MULTIPLE = 4n;

/**
 * Arbitrum makes a block at most every 250 milliseconds; its sequencer has usually answered before we ask, or has just
 * missed us. Each pause is twice the one before it, up to the longest.
 */
const RECEIPT_POLLING_MILLISECONDS = { first: 10, longest: 160 };
const RECEIPT_TIMEOUT_MILLISECONDS = 120_000;

const nitroFieldsSchema = z.object({
  gasUsedForL1: z
    .string()
    .transform((quantity) => getBigInt(quantity))
    .optional(),
});

/** What Nitro says in a receipt that ethers leaves out. */
type NitroFields = z.infer<typeof nitroFieldsSchema>;

type IncludedReceipt = NitroFields & { readonly receipt: TransactionReceipt };

/** The last broadcast of each signer: the next one is prepared only after it. */
const lastBroadcasts = new WeakMap<Signer, Promise<unknown>>();

interface Work {
  readonly context: SendingContext;
  readonly call: Call;
  readonly names: PreparedCall<unknown>["names"];
}

/**
 * Prepares a transaction.
 *
 * @param context - provider, chain id, signer
 * @param prepared - the call and how to read its result
 * @returns the call, what it costs, and how to send it
 */
export function prepareTransaction<Result>(
  context: SendingContext,
  prepared: PreparedCall<Result>,
): PreparedTransaction<Result> {
  const call: Call = { to: prepared.to, data: parseHex(prepared.data, { field: "call data" }), valueWei: 0n };
  const work: Work = { context, call, names: prepared.names };
  let sent: Promise<Sent<Result>> | undefined;
  return {
    call,
    estimate: async () => {
      const account = await context.signer?.getAddress();
      return explained(work, account, () => estimate(work, account));
    },
    send: () => {
      sent ??= send(work, prepared).catch((error: unknown) => {
        // What may have been included is not sent again: it would be recorded twice.
        if (!isPassportError(error, "chain.outcome-unknown")) sent = undefined;
        throw error;
      });
      return sent;
    },
  };
}

async function send<Result>(work: Work, prepared: PreparedCall<Result>): Promise<Sent<Result>> {
  const { signer } = work.context;
  if (signer === undefined) throw new PassportError("signer.missing", { action: "send a transaction" });
  const account = await signer.getAddress();
  return explained(work, account, async () => {
    const included = await sendAndWait(work, signer, account);
    return describeSent(work.context.provider, included, prepared);
  });
}

async function estimate({ context, call }: Work, account: string | undefined): Promise<Estimate> {
  const { provider } = context;
  const { to, data, valueWei } = call;
  const request = { to, data, value: valueWei, ...(account === undefined ? {} : { from: account }) };
  const asked = Promise.all([provider.estimateGas(request), provider.getBlock("latest")]);
  // A refusal by another chain would not be the problem: which chain it is, is told first.
  asked.catch(() => undefined);
  await requireChain(provider, context);
  const [gas, block] = await asked;
  const baseFeeWei = block?.baseFeePerGas ?? 0n;
  const gasLimit = (gas * 12n) / 10n;
  const maxFeePerGasWei = baseFeeWei * BASE_FEE_MULTIPLE;
  return {
    gas,
    gasLimit,
    maxFeePerGasWei,
    costWei: gas * baseFeeWei + valueWei,
    maximumCostWei: gasLimit * maxFeePerGasWei + valueWei,
  };
}

async function sendAndWait(work: Work, signer: Signer, account: string): Promise<IncludedReceipt> {
  const { provider } = work.context;
  // A browser's wallet has an endpoint of its own, and may have been switched to another chain.
  if (signer.provider !== null && signer.provider !== provider) await requireChain(signer.provider, work.context);
  const transactionHash = await inTurn(signer, () => broadcast(work, signer, account));
  const included = await waitForReceipt(provider, { transactionHash, account });
  if (included.receipt.status === 0) throw await findReason(work, included.receipt);
  return included;
}

async function broadcast(work: Work, signer: Signer, account: string): Promise<string> {
  const { context, call } = work;
  const [{ gasLimit, maxFeePerGasWei, maximumCostWei }, balanceWei, nonce] = await Promise.all([
    estimate(work, account),
    context.provider.getBalance(account),
    signer.getNonce("pending"),
  ]);
  if (balanceWei < maximumCostWei) {
    throw new PassportError("chain.insufficient-funds", { account, balanceWei, requiredWei: maximumCostWei });
  }
  try {
    const { hash } = await signer.sendTransaction({
      type: 2,
      chainId: context.chainId,
      to: call.to,
      data: call.data,
      value: call.valueWei,
      nonce,
      gasLimit,
      maxFeePerGas: maxFeePerGasWei,
      // Arbitrum orders by arrival: a tip buys nothing, and may be collected all the same.
      maxPriorityFeePerGas: 0n,
    });
    return hash;
  } catch (error) {
    const cause = chainErrorOf(error, { endpoint: endpointOf(context.provider), account });
    if (!isPassportError(cause, "chain.unreachable")) throw error;
    // The request may have reached the node although its answer did not reach us.
    const details = { transactionHash: `number ${nonce}`, account, nonce, problem: cause.details.problem };
    throw new PassportError("chain.outcome-unknown", details, { cause });
  }
}

/** Two transactions of one signer at the same time would take the same nonce, and be estimated on the same state. */
function inTurn<Result>(signer: Signer, task: () => Promise<Result>): Promise<Result> {
  const before = lastBroadcasts.get(signer) ?? Promise.resolve();
  const result = before.then(task, task);
  lastBroadcasts.set(signer, result);
  return result;
}

/** An endpoint that fails for a moment is asked again: the transaction is on its way. */
async function waitForReceipt(
  provider: Provider,
  { transactionHash, account }: { readonly transactionHash: string; readonly account: string },
): Promise<IncludedReceipt> {
  const deadline = Date.now() + RECEIPT_TIMEOUT_MILLISECONDS;
  let pause = RECEIPT_POLLING_MILLISECONDS.first;
  let cause: unknown;
  do {
    try {
      const asked = readNitroFields(provider, transactionHash);
      const receipt = await provider.getTransactionReceipt(transactionHash);
      // The first of the two questions may have come a moment before there was a receipt.
      if (receipt !== null)
        return { receipt, ...((await asked) ?? (await readNitroFields(provider, transactionHash))) };
    } catch (error) {
      cause = error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, RECEIPT_POLLING_MILLISECONDS.longest);
  } while (Date.now() < deadline);
  const problem = `there is no receipt after ${RECEIPT_TIMEOUT_MILLISECONDS / 1_000} seconds`;
  throw new PassportError("chain.outcome-unknown", { transactionHash, account, problem }, { cause });
}

/** A receipt does not say why: the same call is run again, on the state that the transaction met or left. */
async function findReason({ context, call }: Work, receipt: TransactionReceipt): Promise<unknown> {
  try {
    const { from, blockNumber } = receipt;
    await context.provider.call({ from, to: call.to, data: call.data, blockTag: blockNumber });
  } catch (error) {
    return error;
  }
  return new PassportError("contract.reverted", {
    problem: `the transaction ${receipt.hash} was included, but reverted`,
    transactionHash: receipt.hash,
  });
}

function describeSent<Result>(
  provider: Provider,
  { receipt, gasUsedForL1 }: IncludedReceipt,
  { decode }: PreparedCall<Result>,
): Sent<Result> {
  const transactionHash = parseBytes32(receipt.hash, { field: "transaction hash" });
  return {
    result: decodeReceipt(provider, () => decode(receipt.logs, transactionHash)),
    transactionHash,
    blockNumber: BigInt(receipt.blockNumber),
    gasUsed: receipt.gasUsed,
    gasUsedForL1,
    costWei: receipt.fee,
  };
}

/** A receipt comes from a node: bytes that are no event of the suite are the node's fault. */
function decodeReceipt<Result>(provider: Provider, decode: () => Result): Result {
  try {
    return decode();
  } catch (cause) {
    if (isPassportError(cause)) throw cause;
    const problem = "the events in the receipt cannot be decoded";
    throw new PassportError("chain.answer-invalid", { endpoint: endpointOf(provider), problem }, { cause });
  }
}

/** Undefined where there is no receipt yet. */
async function readNitroFields(provider: Provider, transactionHash: string): Promise<NitroFields | undefined> {
  if (!("send" in provider) || typeof provider.send !== "function") return {};
  try {
    const receipt: unknown = await provider.send("eth_getTransactionReceipt", [transactionHash]);
    return receipt === null ? undefined : nitroFieldsSchema.parse(receipt);
  } catch {
    // The transaction is included: a figure for information must not make it look as if it had failed.
    return {};
  }
}

/** Looks up the manager's names only now that a refusal needs them; without them, bits are shown as hex. */
async function explained<Result>(
  { context, names }: Work,
  account: string | undefined,
  task: () => Promise<Result>,
): Promise<Result> {
  try {
    return await task();
  } catch (error) {
    const request = { endpoint: endpointOf(context.provider), account };
    const explanation = chainErrorOf(error, request);
    if (names === undefined || !isPassportError(explanation) || !("arguments" in explanation.details))
      throw explanation;
    throw chainErrorOf(error, { ...request, names: await names(explanation).catch(() => undefined) });
  }
}
