/** Runs all benchmarks one after the other, those of the relay where there are any. With `--json`, prints one object. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execPath } from "node:process";
import { Command } from "commander";

const BENCHMARKS = ["gas", "sdk", "relay"];

const command = new Command("bench")
  .description("Runs bench:gas, bench:sdk and bench:relay.")
  .option("--json", "print the figures of all as one JSON object")
  .addHelpText("after", "\nExample:\n  npm run bench -- --json")
  .parse();
const { json } = command.opts<{ json?: true }>();

const figures: Record<string, unknown> = {};
for (const name of BENCHMARKS) {
  const script = join(import.meta.dirname, `${name}.ts`);
  if (!existsSync(script)) continue;
  const options = json === true ? ["--json"] : [];
  const { status, stdout } = spawnSync(execPath, ["--import", "tsx", script, ...options], {
    stdio: ["ignore", json === true ? "pipe" : "inherit", "inherit"],
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) process.exitCode = 1;
  if (json === true) figures[name] = JSON.parse(stdout);
}
if (json === true) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
