import type { Log } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { passportInterface } from "../chain/contract-interfaces.js";
import { endpointOf } from "../chain/endpoint-of.js";
import { findEvent } from "../chain/find-events.js";
import type { ManagerNames } from "../chain/manager-names.js";
import { type PreparedTransaction, prepareTransaction } from "../chain/prepare-transaction.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import { PassportError } from "../errors/passport-error.js";
import { type Address, type Bytes32, parseAddress } from "../primitives/hex.js";
import type { WritingContext } from "./context.js";
import { decodeAttested, type RecordedEntry } from "./decode-attested.js";
import { readManagerNames } from "./read-manager-names.js";

/** A call of a passport, and how its result is read. */
export interface PassportCall<Result> {
  readonly passport: Address;
  /** Encoded call. */
  readonly data: string;
  readonly decode: (logs: readonly Log[], transactionHash: Bytes32) => Result;
}

/**
 * Prepares a call of a passport. If the passport or its manager refuses, the refusal names roles and conditions in the
 * manager's words.
 *
 * @param context - what writing actions work on
 * @param call - the call
 * @returns the prepared transaction
 */
export function preparePassportCall<Result>(
  context: WritingContext,
  call: PassportCall<Result>,
): PreparedTransaction<Result> {
  const { passport, data, decode } = call;
  return prepareTransaction(context, { to: passport, data, decode, names: () => readNamesFor(context, { passport }) });
}

/**
 * Prepares a call of a passport that records an entry.
 *
 * @param context - what writing actions work on
 * @param call - the passport and the encoded call
 * @returns the prepared transaction; its result is the entry
 */
export function prepareEntry(
  context: WritingContext,
  call: Pick<PassportCall<RecordedEntry>, "passport" | "data">,
): PreparedTransaction<RecordedEntry> {
  const { passport } = call;
  return preparePassportCall(context, {
    ...call,
    decode: (logs, transactionHash) => findEntry(context, { logs, passport, transactionHash }),
  });
}

/**
 * Finds the entry that a transaction recorded.
 *
 * @param context - `provider`, for errors
 * @param options - `logs`: of the receipt; `passport`: whose entry; `transactionHash`: for the error
 * @returns the entry
 * @throws PassportError `contract.event-missing`, `chain.answer-invalid`
 */
export function findEntry(
  { provider }: Pick<WritingContext, "provider">,
  options: { readonly logs: readonly Log[]; readonly passport: Address; readonly transactionHash: Bytes32 },
): RecordedEntry {
  const { logs, passport, transactionHash } = options;
  const query = { address: passport, contract: passportInterface, event: "Attested", transactionHash };
  const entry = decodeAttested(findEvent(logs, query).log);
  if (entry !== undefined) return entry;
  const problem = `the receipt of ${transactionHash} has a malformed entry`;
  throw new PassportError("chain.answer-invalid", { endpoint: endpointOf(provider), problem });
}

/**
 * Reads the names of a passport's manager.
 *
 * @param context - `provider`
 * @param options - `passport`: its address
 * @returns roles and conditions by their bits
 * @throws PassportError `chain.*`
 */
export async function readNamesFor(
  context: Pick<WritingContext, "provider">,
  { passport }: { readonly passport: Address },
): Promise<ManagerNames> {
  const contract = DigitalPassport__factory.connect(passport, context.provider);
  const manager = parseAddress(await askNode(context.provider, () => contract.manager()));
  return readManagerNames(context, { manager });
}
