import { stderr, stdout } from "node:process";
import { formatFacts, paragraph } from "./plain-table.js";

/** What is going to change, and on whose word. */
export interface Changes {
  /** One sentence for each. */
  readonly sentences: readonly string[];
  readonly facts: Readonly<Record<string, string | bigint | undefined>>;
}

/**
 * Says what will change, before anything is signed; with `--json` on stderr, for stdout belongs to the result.
 *
 * @param changes - as they were worked out from what is signed
 * @param options - of the command line
 */
export function printChanges({ facts, sentences }: Changes, options: { readonly json?: true | undefined }): void {
  const output = options.json ? stderr : stdout;
  output.write(`${paragraph(...sentences)}\n${formatFacts(facts)}\n`);
}
