import { memoryUsage } from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Collects garbage, which takes its time, and weighs what is left.
 *
 * @returns the heap that is in use, MB
 */
export function liveHeapMB(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return memoryUsage().heapUsed / 1e6;
}
