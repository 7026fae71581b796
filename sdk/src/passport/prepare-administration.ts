import type { Interface } from "ethers";
import type * as z from "zod";
import { findEvent } from "../chain/find-events.js";
import type { ManagerNames } from "../chain/manager-names.js";
import { type PreparedTransaction, prepareTransaction } from "../chain/prepare-transaction.js";
import type { Address } from "../primitives/hex.js";
import { requireManager, type WritingContext } from "./context.js";

/** The contracts that somebody administers. */
export type AdministeredContract = "registry" | "manager";

/** A call that changes who may do what. */
export interface AdministrationCall<Schema extends z.ZodType> {
  readonly contract: Address;
  readonly contractInterface: Interface;
  /** Encoded call. */
  readonly data: string;
  /** Name of the event that says what was done. */
  readonly event: string;
  /** What the event says. */
  readonly schema: Schema;
  /** Looks up the names of a manager's bits, for a refusal. */
  readonly names?: (() => Promise<ManagerNames>) | undefined;
}

/**
 * Prepares a call of a contract whose event tells the result.
 *
 * @param context - what writing actions work on
 * @param call - the call, and the event
 * @returns the prepared transaction; its result is what the event says
 */
export function prepareAdministration<Schema extends z.ZodType>(
  context: WritingContext,
  call: AdministrationCall<Schema>,
): PreparedTransaction<z.infer<Schema>> {
  const { contract, contractInterface, data, event, names, schema } = call;
  const query = { address: contract, contract: contractInterface, event };
  return prepareTransaction(context, {
    to: contract,
    data,
    decode: (logs, transactionHash) => schema.parse(findEvent(logs, { ...query, transactionHash }).values),
    names,
  });
}

/**
 * The address of an administered contract.
 *
 * @param context - `registry`, `manager`
 * @param contract - which of them
 * @returns its address
 * @throws PassportError `input.invalid` without a manager
 */
export function administeredAddress(
  context: Pick<WritingContext, "registry" | "manager">,
  contract: AdministeredContract,
): Address {
  return contract === "registry" ? context.registry : requireManager(context);
}
