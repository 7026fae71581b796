import * as z from "zod";

/** An entry that is to be recorded on a product's passport: decided, and not signed yet. */
export const draftSchema = z.strictObject({
  kind: z.enum(["alarm", "summary"]),
  productId: z.string(),
  /** What the READINGS document says. */
  data: z.record(z.string(), z.json()),
});

/** An entry that is to be recorded on a product's passport: decided, and not signed yet. */
export type Draft = z.infer<typeof draftSchema>;
