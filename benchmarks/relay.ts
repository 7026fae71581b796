/**
 * How fast the relay is: from MQTT into the journal, from there on chain, the submitter alone, proofs, and a start with a
 * million readings in the journal. Real processes: broker, relay, chain. On a busy machine only the ratio holds.
 */
import { Command } from "commander";
import { keepCommitted } from "../scripts/lib/keep-committed.js";
import { describeMachine } from "./lib/describe-machine.js";
import { openPlant } from "./relay/bench-plant.js";
import { measureIntake } from "./relay/measure-intake.js";
import { measureJournal } from "./relay/measure-journal.js";
import { measureProofs } from "./relay/measure-proofs.js";
import { measureSubmitter } from "./relay/measure-submitter.js";
import type { RelayResult } from "./relay/relay-result.js";

const command = new Command("bench:relay")
  .description("Measures the relay, and writes benchmarks/results/relay.json.")
  .option("--json", "print the figures as JSON")
  .addHelpText("after", "\nExample:\n  npm run bench:relay -- --json")
  .parse();
const { json } = command.opts<{ json?: true }>();

const text = `${JSON.stringify(await measure(), null, 2)}\n`;
await keepCommitted([{ path: "results/relay.json", text }], {
  folder: import.meta.dirname,
  check: false,
  command: "npm run bench:relay",
});
process.stdout.write(json ? text : `${text}Written to benchmarks/results/relay.json.\n`);

async function measure(): Promise<RelayResult> {
  const measuredOn = describeMachine();
  const plant = await openPlant();
  try {
    const proof = await measureProofs();
    const submitter = await measureSubmitter(plant);
    const intake = await measureIntake(plant);
    const journalMillion = await measureJournal(plant);
    return { ...intake, submitter, proof, journalMillion, measuredOn };
  } finally {
    await plant.close();
  }
}
