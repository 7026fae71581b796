import { z } from "zod";
import { machineSchema } from "../lib/describe-machine.js";

const stageSchema = z.object({
  /** How many there are at the end of the stage. */
  passports: z.int(),
  entries: z.int(),
  /** Median of the transactions of the stage, for each passport and entry in them. */
  gasPerPassport: z.number(),
  gasPerEntry: z.number(),
  /** Of the chain on this machine, with encoding and the way there. */
  passportsPerSecond: z.number(),
  entriesPerSecond: z.number(),
  /** What a client needs that knows a productId and the registry. */
  client: z.object({
    findRequests: z.int(),
    findMilliseconds: z.number(),
    verifyRequests: z.int(),
    verifyKilobytes: z.number(),
    verifyMilliseconds: z.number(),
  }),
});

/** What the suite is like with so many passports. */
export type ScaleStage = z.infer<typeof stageSchema>;

/** What is committed of `npm run bench:scale`. */
export const scaleResultSchema = z.object({
  stages: z.array(stageSchema).min(2),
  measuredOn: machineSchema.extend({ loadAtEnd: z.number() }),
});

/** The figures. */
export type ScaleResult = z.infer<typeof scaleResultSchema>;
