import { z } from "zod";
import { machineSchema } from "../lib/describe-machine.js";

const rate = z.number().positive();

/** What is committed of `npm run bench:relay`. */
export const relayResultSchema = z.object({
  mqttToJournal: z.object({ readingsPerSecond: rate, ratioToBroker: rate }),
  endToEnd: z.object({ readingsPerSecond: rate }),
  submitter: z.object({ batchesPerSecond: rate, ratioToChain: rate }),
  proof: z.object({ madePerSecond: rate, verifiedPerSecond: rate }),
  journalMillion: z.object({ rssMB: rate, restartSeconds: rate }),
  measuredOn: machineSchema,
});

/** The figures. */
export type RelayResult = z.infer<typeof relayResultSchema>;
