import type * as z from "zod";
import { gatewayPairedSchema } from "../document/schemas/gateway-paired.js";
import { gatewayUnpairedSchema } from "../document/schemas/gateway-unpaired.js";
import { eventTypeName } from "../primitives/event-type.js";
import type { Address, Bytes27 } from "../primitives/hex.js";
import type { Finding } from "../verify/finding.js";
import { entriesInWords } from "../verify/in-words.js";
import type { OpenedDocument } from "../verify/open-documents.js";

/** A position in a gateway's chain that an entry of the passport names. */
export interface PairingEnd {
  /** The last batch before it. */
  readonly batchSequence: bigint;
  readonly batchHead: Bytes27;
  /** Position of the entry. */
  readonly entry: bigint;
}

/** The sensors that a gateway reads on a product. */
export type PairedSensor = z.infer<typeof gatewayPairedSchema>["data"]["sensors"][number];

/** From which batch to which batch a gateway's readings belong to a product. */
export interface Pairing {
  readonly gateway: Address;
  readonly readingsAnchor: Address;
  readonly sensors: readonly PairedSensor[];
  /** Readings count from the batch after it. */
  readonly start: PairingEnd;
  /** Readings count up to this batch; undefined while the gateway is attached. */
  readonly end: PairingEnd | undefined;
}

/** The pairings of a product, and what does not fit in their entries. */
export interface Pairings {
  /** In the order of their entries. */
  readonly pairings: readonly Pairing[];
  readonly findings: readonly Finding[];
}

/**
 * Reads from a passport's documents which gateways measured the product, from which batch to which.
 *
 * @param documents - of a history that was verified; those that are not valid pair nothing
 * @param options - `excluded`: positions of entries that must not be relied on
 * @returns the pairings, and what is strange about their entries
 */
export function pairingsOf(
  documents: readonly OpenedDocument[],
  { excluded = new Set() }: { readonly excluded?: ReadonlySet<bigint> | undefined } = {},
): Pairings {
  const pairings: Pairing[] = [];
  const findings: Finding[] = [];
  for (const opened of documents) {
    const read = excluded.has(opened.entry.sequence) ? undefined : readPairing(opened);
    if (read === undefined) continue;
    const { sensors, end: start, ...gateway } = read;
    const index = pairings.findIndex((pairing) => pairing.gateway === read.gateway && pairing.end === undefined);
    const open = pairings[index];
    if (open !== undefined) pairings[index] = { ...open, end: start };
    if (sensors !== undefined) pairings.push({ ...gateway, sensors, start, end: undefined });
    findings.push(...findingsOn(read, open));
  }
  return { pairings, findings: [...findings, ...findingsOnUnread(documents)] };
}

type ReadPairing = NonNullable<ReturnType<typeof readPairing>>;

function findingsOn({ gateway, end, sensors }: ReadPairing, open: Pairing | undefined): readonly Finding[] {
  const sequences = open === undefined ? [end.entry] : [open.start.entry, end.entry];
  const found: Finding[] = [];
  if (open === undefined && sensors === undefined) {
    const reason = `The gateway ${gateway} was taken off without having been attached.`;
    found.push({ code: "pairing.never-paired", reason, sequences });
  }
  if (open !== undefined && sensors !== undefined) {
    const reason = `The gateway ${gateway} was attached again without having been taken off.`;
    found.push({ code: "pairing.repeated", reason, sequences });
  }
  if (open !== undefined && end.batchSequence < open.start.batchSequence) {
    const reason = `The gateway ${gateway} was taken off at an earlier batch than it was attached at.`;
    found.push({ code: "pairing.backwards", reason, sequences });
  }
  return found;
}

function findingsOnUnread(documents: readonly OpenedDocument[]): readonly Finding[] {
  const unread = documents.filter((opened) => opened.status !== "valid" && isPairingEvent(opened));
  if (unread.length === 0) return [];
  const sequences = unread.map(({ entry }) => entry.sequence);
  const reason = `What ${entriesInWords(sequences)} say about gateways cannot be relied on.`;
  return [{ code: "pairing.unread", reason, sequences }];
}

function isPairingEvent({ entry }: OpenedDocument): boolean {
  return ["GATEWAY_PAIRED", "GATEWAY_UNPAIRED"].includes(eventTypeName(entry.eventType));
}

/** What an entry says of a gateway; without sensors it was taken off. */
function readPairing(opened: OpenedDocument) {
  if (opened.status !== "valid") return undefined;
  const paired = gatewayPairedSchema.safeParse(opened.document).data?.data;
  const data = paired ?? gatewayUnpairedSchema.safeParse(opened.document).data?.data;
  if (data === undefined) return undefined;
  const { gateway, readingsAnchor, batchSequence, batchHead } = data;
  const end = { batchSequence: BigInt(batchSequence), batchHead, entry: opened.entry.sequence };
  return { gateway, readingsAnchor, end, sensors: paired?.sensors };
}
