import { availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";
import { version } from "node:process";
import { z } from "zod";

/** What a measurement was made on, and how busy it was with other things. */
export const machineSchema = z.object({
  date: z.iso.date(),
  processor: z.string(),
  cores: z.int(),
  memoryGB: z.number(),
  system: z.string(),
  node: z.string(),
  /** Processes that wanted to run, on average over the minute before. */
  load: z.number(),
});

/** What a measurement was made on. */
export type Machine = z.infer<typeof machineSchema>;

/**
 * Describes this machine, now.
 *
 * @returns what is committed beside figures
 */
export function describeMachine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1e9),
    system: `${platform()} ${release()}`,
    node: version,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}
