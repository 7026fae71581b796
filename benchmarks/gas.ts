/**
 * Gas of every operation on a passport, from receipts, in a steady state: all slots that an operation only changes were
 * filled before; and, on the same chain, of what others would do instead. The figures are exact, so they are committed.
 * `--check` measures the passport alone, compares, and takes its peers' figures from what is committed.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Table from "cli-table3";
import { Command } from "commander";
import { network } from "hardhat";
import { keepCommitted } from "../scripts/lib/keep-committed.js";
import { deploySuite } from "../test/support/deploy-suite.js";
import { createGasMeter, gasResultSchema, L1_BASE_FEES, type Row } from "./gas/gas-meter.js";
import { goalsOf } from "./gas/goals.js";
import { measurePassport } from "./gas/measure-passport.js";
import { measurePeers } from "./gas/measure-peers.js";
import { installPeers } from "./peers/install-peers.js";

const START = "2026-01-01T00:00:00Z";
const PEERS_FILE = "results/gas-peers.json";

const command = new Command("bench:gas")
  .description("Measures the gas of every operation on a passport, and of what others would do instead.")
  .option("--json", "print the rows as JSON")
  .option("--check", "measure the passport only, compare with benchmarks/results/gas.json and write nothing")
  .addHelpText("after", "\nExample:\n  npm run bench:gas -- --json")
  .parse();
const options = command.opts<{ json?: true; check?: true }>();
const check = options.check === true;

const { passport, peers } = await measure();
const files = [{ path: "results/gas.json", text: serialise(passport) }];
const difference = await keepCommitted(check ? files : [...files, { path: PEERS_FILE, text: serialise(peers) }], {
  folder: import.meta.dirname,
  check,
  command: "npm run bench:gas",
});
const rows = [...passport, ...peers];
const missed = goalsOf(rows).filter(({ isReached }) => !isReached);
const problems = [
  ...(difference === undefined ? [] : [difference]),
  ...missed.map(({ goal, measured }) => `Missed: ${goal}; it is ${measured}.`),
];
if (problems.length > 0) {
  process.stderr.write(`${problems.join("\n")}\n`);
  process.exitCode = 1;
}
if (options.json) process.stdout.write(serialise(rows));
else process.stdout.write(`${tableOf(rows)}\n`);

async function measure(): Promise<{ readonly passport: readonly Row[]; readonly peers: readonly Row[] }> {
  // As on Arbitrum, where a transaction may take 32 million gas.
  const override = { initialDate: new Date(START), transactionGasCap: 32_000_000n };
  const connection = await network.create({ override });
  const suite = await deploySuite(connection);
  const meter = createGasMeter(connection, { startsAt: Date.parse(START) / 1_000 + 3_600 });
  const passport = await measurePassport(suite, { measure: meter("passport") });
  if (check) return { passport, peers: await readCommittedPeers() };
  installPeers();
  return { passport, peers: await measurePeers(suite, { meter }) };
}

async function readCommittedPeers(): Promise<readonly Row[]> {
  return gasResultSchema.parse(JSON.parse(await readFile(join(import.meta.dirname, PEERS_FILE), "utf8"))).rows;
}

function serialise(measured: readonly Row[]): string {
  return `${JSON.stringify({ rows: measured }, null, 2)}\n`;
}

function tableOf(measured: readonly Row[]): string {
  const cents = L1_BASE_FEES.map((fee) => `US cents at ${fee} gwei`);
  const table = new Table({
    head: ["system", "operation", "gas", "calldata bytes", "compressed bytes", "new slots", ...cents],
    colAligns: ["left", "left", "right", "right", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { system, operation, gas, calldataBytes, compressedBytes, newSlots, usCents } of measured) {
    const costs = L1_BASE_FEES.map((fee) => usCents[fee]);
    table.push([system, operation, gas.toLocaleString("en"), calldataBytes, compressedBytes, newSlots, ...costs]);
  }
  return table.toString();
}
