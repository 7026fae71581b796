import * as z from "zod";
import { eventTypeOf } from "../primitives/event-type.js";
import { type Address, addressSchema, type Bytes32, bytes32Schema } from "../primitives/hex.js";
import type { OpenedDocument } from "./open-documents.js";

/** What a passport says of the one that came before it, or comes after it. */
export type SuccessionClaim =
  | {
      readonly role: "predecessor";
      readonly productId: string;
      readonly passport: Address;
      /** Head of the predecessor when this passport was issued. */
      readonly head: Bytes32;
    }
  | { readonly role: "successor"; readonly productId: string; readonly passport: Address };

/** The claims, or why they could not be read. */
export type SuccessionClaims = { readonly claims: readonly SuccessionClaim[] } | { readonly unreadable: string };

const MANUFACTURED = eventTypeOf("MANUFACTURED");
const SUPERSEDED = eventTypeOf("SUPERSEDED");

const predecessorSchema = z.object({
  predecessor: z.object({ productId: z.string(), passport: addressSchema, head: bytes32Schema }),
});
const successorSchema = z.object({ successor: z.object({ productId: z.string(), passport: addressSchema }) });

/**
 * Reads which passports a passport names as its predecessor (in its first document) and as its successor (in that of
 * its SUPERSEDED entry).
 *
 * @param documents - one per entry; undefined if none were looked at
 * @returns at most one claim of each role
 */
export function successionClaimsOf(documents: readonly OpenedDocument[] | undefined): SuccessionClaims {
  if (documents === undefined) return { unreadable: "the documents were not looked at." };
  const telling = documents.filter(({ entry }) => entry.eventType === MANUFACTURED || entry.eventType === SUPERSEDED);
  const claims: SuccessionClaim[] = [];
  for (const opened of telling) {
    if (opened.status !== "valid") return { unreadable: opened.problem };
    const claim =
      opened.entry.eventType === MANUFACTURED ? predecessorIn(opened.document.data) : successorIn(opened.document.data);
    if (claim !== undefined) claims.push(claim);
  }
  return { claims };
}

function predecessorIn(data: object): SuccessionClaim | undefined {
  const { predecessor } = predecessorSchema.safeParse(data).data ?? {};
  return predecessor && { role: "predecessor", ...predecessor };
}

function successorIn(data: object): SuccessionClaim | undefined {
  const { successor } = successorSchema.safeParse(data).data ?? {};
  return successor && { role: "successor", ...successor };
}
