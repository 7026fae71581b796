import { stderr } from "node:process";
import { SingleBar } from "cli-progress";

/** What is done sooner needs no line. */
const SHOWN_AFTER_MILLISECONDS = 1_000;

/**
 * Shows on a terminal that a work of unknown length goes on; shows nothing where nobody watches.
 *
 * @param label - what is counted
 * @returns `step` after each thing that is done, `stop` at the end, which takes the line away
 */
export function createActivityLine(label: string): { readonly step: () => void; readonly stop: () => void } {
  const line = new SingleBar({
    format: `${label} {value}`,
    stream: stderr,
    hideCursor: true,
    clearOnComplete: true,
    noTTYOutput: false,
  });
  let count = 0;
  const timer = setTimeout(() => line.start(0, count), SHOWN_AFTER_MILLISECONDS);
  return {
    step: () => line.update(++count),
    stop: () => {
      clearTimeout(timer);
      line.stop();
    },
  };
}
