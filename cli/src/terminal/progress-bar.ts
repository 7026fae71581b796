import { stderr } from "node:process";
import { SingleBar } from "cli-progress";

/**
 * Shows on a terminal how far a work is; shows nothing where nobody watches.
 *
 * @param label - what is done
 * @param options - `total`: number of steps
 * @returns `step` after each step, `stop` at the end
 */
export function createProgressBar(
  label: string,
  options: { readonly total: number },
): { readonly step: () => void; readonly stop: () => void } {
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total}`,
    stream: stderr,
    hideCursor: true,
    noTTYOutput: false,
  });
  bar.start(options.total, 0);
  return { step: () => bar.increment(), stop: () => bar.stop() };
}
