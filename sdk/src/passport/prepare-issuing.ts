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

const PASSPORT_REGISTERED = "PassportRegistered";

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
    decode: (logs, transactionHash) => call.decode(issuedIn(context, { manager, logs, transactionHash })),
    names: () => readManagerNames(context, { manager }),
  });
}

/**
 * Finds the passports that a transaction issued.
 *
 * @param context - `provider`, `registry`
 * @param options - the manager, the logs and the hash of the transaction
 * @returns a function that finds the passport of a product, and throws PassportError `contract.event-missing` or
 *   `chain.answer-invalid` if there is none
 */
export function issuedIn(
  context: Pick<WritingContext, "provider" | "registry">,
  options: { readonly manager: Address; readonly logs: readonly Log[]; readonly transactionHash: Bytes32 },
): (productId: ProductId) => IssuedPassport {
  const { manager, logs, transactionHash } = options;
  const { registry } = context;
  const registered = registeredPassports(logs, { registry, manager });
  return (productId) => {
    const passport = registered.get(productKey(productId));
    if (passport !== undefined) {
      return { passport, productId, entry: findEntry(context, { logs, passport, transactionHash }) };
    }
    throw new PassportError("contract.event-missing", {
      transactionHash,
      event: PASSPORT_REGISTERED,
      address: registry,
    });
  };
}

/** Passports of the manager that the registry has entered, by the key of their product. */
function registeredPassports(
  logs: readonly Log[],
  { registry, manager }: { readonly registry: Address; readonly manager: Address },
): ReadonlyMap<unknown, Address> {
  const events = findEvents(logs, { address: registry, contract: registryInterface, event: PASSPORT_REGISTERED });
  return new Map(
    events
      .filter(({ values }) => values["manager"] === manager)
      .map(({ values }) => [values["productKey"], parseAddress(values["passport"])]),
  );
}
