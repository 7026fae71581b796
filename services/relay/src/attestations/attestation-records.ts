import * as z from "zod";
import { draftSchema } from "./draft.js";

/** What the attestations' journal holds. */
export const attestationRecordSchema = z.discriminatedUnion("type", [
  /** What a step leads to; the ids are made of it. */
  z.strictObject({
    type: z.literal("taken"),
    step: z.int().min(1),
    drafts: z.array(draftSchema.extend({ id: z.string() })).readonly(),
  }),
  /** Signed, and perhaps submitted. A later one takes its place. */
  z.strictObject({ type: z.literal("signed"), id: z.string(), signed: z.json() }),
  /** Final on chain. */
  z.strictObject({ type: z.literal("done"), id: z.string() }),
]);

/** What the attestations' journal holds. */
export type AttestationRecord = z.infer<typeof attestationRecordSchema>;
