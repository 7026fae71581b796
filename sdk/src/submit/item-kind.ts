import type { Log } from "ethers";
import type * as z from "zod";
import type { ManagerNames } from "../chain/manager-names.js";
import type { PassportError } from "../errors/passport-error.js";
import type { Address, Bytes32 } from "../primitives/hex.js";

/** One thing to be recorded on chain. */
export interface Item<Payload> {
  /** What it is known by: the same id again is the same item and is not recorded twice. */
  readonly id: string;
  /** Items with the same value are recorded in the order in which they were submitted; others in any order. */
  readonly orderedBy: string;
  /** JSON. */
  readonly payload: Payload;
}

/** Where and when something was recorded. */
export interface Recorded<Result> {
  readonly result: Result;
  readonly transactionHash: Bytes32;
  readonly blockNumber: bigint;
}

/**
 * How items of one kind become transactions. The contract must refuse to record the same item twice: that is the last
 * line of defence when a node has lied or a chain was rolled back.
 */
export interface ItemKind<Payload, Result> {
  /** Name in the journal. */
  readonly name: string;
  /** Checks what the journal gives back. */
  readonly payloadSchema: z.ZodType<Payload>;
  /** Most items that one call takes. */
  readonly maximumItems: number;
  /**
   * Does what must be done before a transaction names the item, such as storing its document: after the chain has said
   * that it would accept the item, and before anything is signed. It may be done again.
   *
   * @throws PassportError `store.*` and `chain.*` are waited out; anything else is a refusal of the item
   */
  readonly prepare: (payload: Payload) => Promise<void>;
  /** Encodes one call of a contract that records all of the items, or none, in their order. */
  readonly encode: (payloads: readonly Payload[]) => { readonly to: Address; readonly data: string };
  /**
   * Reads from the logs of a receipt what was recorded, one result per item.
   *
   * @throws PassportError `contract.event-missing`, `chain.answer-invalid`
   */
  readonly decode: (
    payloads: readonly Payload[],
    receipt: { readonly logs: readonly Log[]; readonly transactionHash: Bytes32 },
  ) => readonly Result[];
  /** Asks the chain whether the item stands there already, whoever has brought it. Asked only when it is refused. */
  readonly findRecorded: (payload: Payload) => Promise<Recorded<Result> | undefined>;
  /** Which of the items a refusal of their call is about, by its place from 0; undefined if it does not tell. */
  readonly blame?: ((refusal: PassportError, payloads: readonly Payload[]) => number | undefined) | undefined;
  /** Looks up the names of the manager's bits; asked only when the chain refuses, and told with what. */
  readonly names?: ((refusal: PassportError) => Promise<ManagerNames>) | undefined;
}

/**
 * What became of an item. Each is told at least once: after a crash or a reorganisation again. `sequenced` is final on
 * Ethereum only when `finalized` follows; until then a reorganisation may still lead to `refused`.
 */
export type ItemReceipt<Result> =
  | ({ readonly status: "sequenced"; readonly id: string } & Recorded<Result>)
  | { readonly status: "safe" | "finalized"; readonly id: string }
  | { readonly status: "refused"; readonly id: string; readonly error: PassportError };
