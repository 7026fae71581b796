import { z } from "zod";

/** Tests that run together, and the runner that runs them. */
export const testStageSchema = z.object({
  runner: z.enum(["mocha", "solidity"]),
  files: z.array(z.string()).readonly(),
});

export type TestStage = z.infer<typeof testStageSchema>;

/** What became of a run, up to the first test that failed. */
export const testOutcomeSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("passed") }),
  z.object({ kind: z.literal("failed"), test: z.string(), file: z.string() }),
]);

export type TestOutcome = z.infer<typeof testOutcomeSchema>;
