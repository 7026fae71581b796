import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { projectFolder } from "../../scripts/lib/project-paths.js";
import { type BenchPlant, SENSORS } from "./bench-plant.js";
import type { FillJournalOptions } from "./fill-journal.js";

const READINGS = 1_000_000;
/** How long memory is watched after the start, while the relay begins to anchor them. */
const WATCH_MILLISECONDS = 10_000;
const TICK_MILLISECONDS = 100;

/** A relay that starts with a million readings in its journal, none of them anchored. */
export interface JournalFigures {
  /** Most memory of the whole process in its first ten seconds. */
  readonly rssMB: number;
  /** From starting the command to its saying that it is ready. */
  readonly restartSeconds: number;
}

/**
 * Fills a journal with a million readings and starts the relay on it.
 *
 * @param plant - chain and relay
 * @returns memory and time
 */
export async function measureJournal(plant: BenchPlant): Promise<JournalFigures> {
  const { suite, motor, gateway, folder } = plant;
  await rm(folder, { recursive: true, force: true });
  const options: FillJournalOptions = {
    rpc: suite.url,
    registry: suite.addressBook.contracts.registry.address,
    readingsAnchor: suite.addressBook.contracts.readingsAnchor.address,
    gatewayKey: gateway.privateKey,
    documents: join(suite.folder, "documents"),
    folder,
    product: motor.productId,
    count: READINGS,
    sensors: SENSORS,
  };
  const script = join(projectFolder, "benchmarks", "relay", "fill-journal.ts");
  await promisify(execFile)(execPath, ["--import=tsx", script, JSON.stringify(options)]);
  const started = performance.now();
  const relay = await plant.startRelay({ isKept: true });
  const restartSeconds = (performance.now() - started) / 1_000;
  let rss = 0;
  for (
    const end = performance.now() + WATCH_MILLISECONDS;
    performance.now() < end;
    await setTimeout(TICK_MILLISECONDS)
  ) {
    rss = Math.max(rss, await plant.readMetric("process_resident_memory_bytes"));
  }
  relay.child.kill("SIGKILL");
  await relay.ended;
  return { rssMB: Math.round(rss / 1e6), restartSeconds: Number(restartSeconds.toFixed(1)) };
}
