import type { Log } from "ethers";
import { registryInterface } from "../chain/contract-interfaces.js";
import { findEvents } from "../chain/find-events.js";
import { type PreparedTransaction, prepareTransaction } from "../chain/prepare-transaction.js";
import { PassportError } from "../errors/passport-error.js";
import type { ProductId } from "../identifier/parse-product-id.js";
import { productKey } from "../identifier/product-key.js";
import { type Address, type Bytes32, parseAddress } from "../primitives/hex.js";
import { requireManager, type WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import { findEntry } from "./prepare-entry.js";
import { readManagerNames } from "./read-manager-names.js";

/** A passport that was issued. */
export interface IssuedPassport {
  readonly passport: Address;
  readonly productId: ProductId;
  /** Its first entry, MANUFACTURED. */
  readonly entry: RecordedEntry;
}

/** A call of a manager that issues, and how its result is put together. */
export interface IssuingCall<Result> {
  /** Encoded call. */
  readonly data: string;
  /** Makes the result; `find` returns the passport that was issued for a product. */
  readonly decode: (find: (productId: ProductId) => IssuedPassport) => Result;
}

/**
 * Prepares a call of the context's manager that issues.
 *
 * @param context - what writing actions work on, with a manager
 * @param call - the call
 * @returns the prepared transaction
 * @throws PassportError `input.invalid` without a manager
 */
export function prepareIssuing<Result>(
  context: WritingContext,
  call: IssuingCall<Result>,
): PreparedTransaction<Result> {
  const manager = requireManager(context);
  return prepareTransaction(context, {
    to: manager,
    data: call.data,
    decode: (logs, transactionHash) =>
      call.decode((productId) => findIssued(context, { logs, transactionHash, manager, productId })),
    names: () => readManagerNames(context, { manager }),
  });
}

function findIssued(
  context: WritingContext,
  options: {
    readonly logs: readonly Log[];
    readonly transactionHash: Bytes32;
    readonly manager: Address;
    readonly productId: ProductId;
  },
): IssuedPassport {
  const { logs, transactionHash, manager, productId } = options;
  const { registry } = context;
  const event = "PassportRegistered";
  const found = findEvents(logs, { address: registry, contract: registryInterface, event }).find(
    ({ values }) => values["productKey"] === productKey(productId) && values["manager"] === manager,
  );
  if (found === undefined) {
    throw new PassportError("contract.event-missing", { transactionHash, event, address: registry });
  }
  const passport = parseAddress(found.values["passport"]);
  return { passport, productId, entry: findEntry(context, { logs, passport, transactionHash }) };
}
