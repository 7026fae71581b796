import { z } from "zod";
import { machineSchema } from "../lib/describe-machine.js";

const stageSchema = z.object({ gas: z.int(), secondsPerThousand: z.number() });
const courseSchema = z.object({ first: stageSchema, middle: stageSchema, last: stageSchema });

/** What is committed of `benchmarks/scale.ts`. */
export const scaleResultSchema = z.object({
  passports: z.int(),
  entries: z.int(),
  issue: courseSchema,
  attest: courseSchema,
  /** Of a client that knows the product's URL and the registry. */
  client: z.object({ findRequests: z.int(), verifyRequests: z.int(), verifySeconds: z.number() }),
  measuredOn: machineSchema,
});

/** The figures. */
export type ScaleResult = z.infer<typeof scaleResultSchema>;
