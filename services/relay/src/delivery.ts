/** How readings come in. */
export type Transport = "mqtt" | "http" | "coap";

/** Somebody who hands in readings, as the transport knows him, and what he may report. */
export interface Sender {
  /** In logs, metrics and dead letters. */
  readonly name: string;
  /** productIds. */
  readonly products: readonly string[];
  /** Ids of sensors; every sensor of these products if left out. */
  readonly sensors?: readonly string[] | undefined;
}

/** Most readings of one message. */
export const MAXIMUM_ITEMS = 1_000;

/** What came in one message. */
export interface Delivery {
  readonly transport: Transport;
  /** Undefined where the transport proves nobody: then each reading must carry its sensor's signature. */
  readonly sender: Sender | undefined;
  /** Topic or address that it came from; for people. */
  readonly source: string;
  /** JSON of one reading each, as far as anybody knows. */
  readonly items: readonly Uint8Array[];
}

/** What became of one reading. */
export type Outcome =
  | { readonly status: "accepted" }
  /** It was accepted before. */
  | { readonly status: "duplicate" }
  | Rejection;

/** Why a reading is not taken; the same one will never be. */
export interface Rejection {
  readonly status: "rejected";
  readonly code: RejectionCode;
  readonly reason: string;
}

/** Reasons of rejections, for programs. */
export type RejectionCode =
  | "too-large"
  | "malformed"
  | "invalid"
  | "too-old"
  | "in-future"
  | "sender-not-allowed"
  | "not-paired"
  | "gateway-revoked"
  | "gateway-compromised"
  | "sensor-not-listed"
  | "quantity-not-listed"
  | "signature-missing"
  | "signature-invalid"
  | "sequence-conflict"
  | "sequence-too-old";

/**
 * Takes deliveries of one transport in, all of them or none. What is fulfilled may be acknowledged: it is durable, or it will never be taken.
 *
 * @returns for each delivery what became of each of its items
 * @throws PassportError `input.invalid` for what is no list; `relay.overloaded`, `journal.full`: not now, the same deliveries may come again later
 */
export type TakeIn = (deliveries: readonly Delivery[]) => Promise<readonly (readonly Outcome[])[]>;

/**
 * Whether a sender may come again with the same delivery.
 *
 * @param outcome - of one reading
 * @returns true if it is in good hands
 */
export function isTaken(outcome: Outcome): boolean {
  return outcome.status !== "rejected";
}

/**
 * What became of the items of a single delivery.
 *
 * @param outcomes - of `TakeIn`, for a list of one
 * @returns one for each item
 */
export function outcomesOf([outcomes]: readonly (readonly Outcome[])[]): readonly Outcome[] {
  if (outcomes === undefined) throw new RangeError("a delivery that is taken in has its outcomes");
  return outcomes;
}
