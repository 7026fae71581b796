/**
 * What the SDK does in a second: writing against ethers alone, reading, verifying, long histories, canonical JSON against
 * published libraries, stores, bundles. Sides that are compared take turns, so their ratio holds on a busy machine;
 * seconds do not, and the load stands beside them.
 */
import { Command } from "commander";
import { keepCommitted } from "../scripts/lib/keep-committed.js";
import { describeMachine } from "./lib/describe-machine.js";
import { startBenchSuite } from "./sdk/bench-suite.js";
import { measureCanonicalJson } from "./sdk/measure-canonical-json.js";
import { measureHistory } from "./sdk/measure-history.js";
import { measureIssuing } from "./sdk/measure-issuing.js";
import { measureReading } from "./sdk/measure-reading.js";
import { measureStores } from "./sdk/measure-stores.js";
import { measureWriting } from "./sdk/measure-writing.js";
import type { SdkResult } from "./sdk/sdk-result.js";

const command = new Command("bench:sdk")
  .description("Measures what the SDK does in a second, and writes benchmarks/results/sdk.json.")
  .option("--json", "print the figures as JSON")
  .option("--rounds <number>", "how often each side takes its turn", Number, 5)
  .option("--passports <number>", "how many issueMany issues, 1,000 or more", Number, 10_000)
  .addHelpText("after", "\nExample:\n  npm run bench:sdk -- --json")
  .parse();
const { json, passports, rounds } = command.opts<{ json?: true; passports: number; rounds: number }>();

const text = `${JSON.stringify(rounded(await measure()), null, 2)}\n`;
await keepCommitted([{ path: "results/sdk.json", text }], {
  folder: import.meta.dirname,
  check: false,
  command: "npm run bench:sdk",
});
if (json) process.stdout.write(text);
else
  process.stdout.write(`${text}Written to benchmarks/results/sdk.json; docs/performance.md says what limits each.\n`);

async function measure(): Promise<SdkResult> {
  const started = describeMachine();
  const { ratioToFastest, fastest, perSecond: canonicalPerSecond } = await measureCanonicalJson({ rounds });
  const stores = await measureStores({ rounds });
  const issuing = await measureIssuing({ passports });
  const suite = await startBenchSuite();
  try {
    const writing = await measureWriting(suite, { rounds });
    const reading = await measureReading(suite, { rounds });
    const history = await measureHistory(suite, { rounds });
    return {
      ratioToRaw: writing.ratioToRaw,
      history,
      issuing,
      canonicalJson: { ratioToFastest, fastest, perSecond: canonicalPerSecond },
      bundle: reading.bundle,
      perSecond: { ...writing.perSecond, ...reading.perSecond },
      storesPerSecond: stores,
      measuredOn: { ...started, loadAtEnd: describeMachine().load },
    };
  } finally {
    await suite.close();
  }
}

/** More digits would only seem to say something. */
function rounded<Value>(value: Value): Value {
  const round = (_: string, part: unknown) => (typeof part === "number" ? Number(part.toPrecision(4)) : part);
  return JSON.parse(JSON.stringify(value, round));
}
