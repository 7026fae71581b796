import { z } from "zod";
import { machineSchema } from "../lib/describe-machine.js";

const rate = z.number().positive();

/** What is committed of `npm run bench:sdk`. */
export const sdkResultSchema = z.object({
  /** Transactions per second against those of ethers alone. */
  ratioToRaw: z.object({ issue: rate, attest: rate }),
  history: z.object({ seconds1000: rate, seconds50000: rate, heapGrowthMB: z.number() }),
  issuing: z.object({ passports: z.int(), seconds1000: rate, heapGrowthMB: z.number() }),
  canonicalJson: z.object({ ratioToFastest: rate, fastest: z.string(), perSecond: z.record(z.string(), rate) }),
  bundle: z.object({ verifiedPerSecond: rate, bytes: z.int() }),
  perSecond: z.object({ issue: rate, attest: rate, read: rate, verify: rate }),
  storesPerSecond: z.object({ memory: rate, disk: rate }),
  measuredOn: machineSchema.extend({ loadAtEnd: z.number() }),
});

/** The figures. */
export type SdkResult = z.infer<typeof sdkResultSchema>;
