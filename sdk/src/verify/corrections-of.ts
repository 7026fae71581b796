import * as z from "zod";
import type { ManagerNames } from "../chain/manager-names.js";
import { eventTypeOf } from "../primitives/event-type.js";
import type { Dispute } from "./disputes-of.js";
import type { EvidencedEntry } from "./evidence.js";
import type { OpenedDocument } from "./open-documents.js";

/** An entry that corrects or withdraws an earlier one. */
export interface Correction {
  /** Position of the entry that corrects. */
  readonly sequence: bigint;
  readonly kind: "corrected" | "revoked";
  /** Position of the entry that is meant; undefined: the document could not be read. */
  readonly target: bigint | undefined;
  /** Who says so and may; undefined: the entry has no effect, is itself disputed, or could not be read. */
  readonly by: "the same attester" | "the manufacturer" | undefined;
}

const KINDS = new Map([
  [eventTypeOf("CORRECTED"), "corrected"],
  [eventTypeOf("REVOKED"), "revoked"],
] as const);

const targetSchema = z.object({ sequence: z.int().transform(BigInt) });

/**
 * Finds the entries that correct or withdraw earlier ones. Anybody with a role can record such an entry; it counts only
 * from who recorded the earlier one, or from the manufacturer.
 *
 * @param entries - the history
 * @param options - its `documents`, if they were looked at, and the `names` of the manager's roles
 * @returns one for each such entry, in order
 */
export function correctionsOf(
  entries: readonly EvidencedEntry[],
  options: {
    readonly documents: readonly OpenedDocument[] | undefined;
    readonly disputes: readonly Dispute[];
    readonly names: ManagerNames;
  },
): readonly Correction[] {
  const bySequence = new Map(entries.map((entry) => [entry.sequence, entry]));
  const disputed = new Set(options.disputes.flatMap(({ sequences }) => sequences));
  return entries.flatMap((entry, index) => {
    const kind = KINDS.get(entry.eventType);
    if (kind === undefined) return [];
    const opened = options.documents?.[index];
    const target = opened?.status === "valid" ? targetSchema.safeParse(opened.document.data).data?.sequence : undefined;
    const corrected = target === undefined ? undefined : bySequence.get(target);
    const isDisputed = disputed.has(entry.sequence);
    const counts = corrected !== undefined && corrected.sequence < entry.sequence && !isDisputed;
    const by = counts ? sayOf(entry, corrected, options.names) : undefined;
    return [{ sequence: entry.sequence, kind, target, by }];
  });
}

function sayOf(entry: EvidencedEntry, corrected: EvidencedEntry, names: ManagerNames): Correction["by"] {
  if (entry.attester === corrected.attester) return "the same attester";
  const isManufacturer = [...names.roles].some(
    ([role, name]) => name === "MANUFACTURER" && (entry.roles & role) !== 0n,
  );
  return isManufacturer ? "the manufacturer" : undefined;
}
