/**
 * The main job: motors get their passports, and one of them lives its whole life, is verified from outside, and attacked.
 * `npm start`.
 */

import { join } from "node:path";
import { stderr, stdout } from "node:process";
import { readProductRows } from "@digital-product-passport/cli/issuing";
import { EXIT_CODES, formatVerdicts, printJson, runCommand } from "@digital-product-passport/cli/terminal";
import { Command } from "commander";
import { attack } from "./demo/attack.js";
import { findDeviations } from "./demo/find-deviations.js";
import { chooseMotors, issueMotors } from "./demo/issue-motors.js";
import { liveLife } from "./demo/live-life.js";
import {
  costsInWords,
  deviationsInWords,
  ending,
  heading,
  issuedInWords,
  readingsInWords,
  stageInWords,
} from "./demo/narrate.js";
import { playReadings } from "./demo/play-readings.js";
import { grantRoles, setStage } from "./demo/set-stage.js";
import { attackTable, historyTable } from "./demo/tables.js";
import { verifyFromOutside } from "./demo/verify-from-outside.js";
import { ASSUMPTIONS } from "./lib/cost-of-transaction.js";
import { projectFolder, resolveUserPath } from "./lib/project-paths.js";

interface Options {
  readonly motors?: string;
  readonly json?: true;
}

const command = new Command("start")
  .description(
    "Shows the whole suite on a chain of its own: issues passports, takes one motor through its life, verifies it " +
      "from outside, anchors the readings of two others, and attacks it. Nothing stays behind.",
  )
  .option("--motors <file>", "products to issue, as examples/README.md describes (default: examples/motors.csv)")
  .option("--json", "print the result as JSON")
  .addHelpText(
    "after",
    `
Exit code: 0 everything is as it must be, 1 a verdict is wrong or an attack succeeded, 2 wrong usage or input.

Examples:
  $ npm start
  $ npm start -- --json`,
  )
  .action(async ({ json, motors }: Options) => {
    const file = resolveUserPath(motors) ?? join(projectFolder, "examples", "motors.csv");
    const say = (text: string): void => {
      if (!json) stdout.write(`${text}\n`);
    };
    const demonstration = await demonstrate(file, say);
    const deviations = findDeviations(demonstration);
    if (json) printJson({ ...demonstration, deviations });
    if (deviations.length === 0) return say(ending);
    stderr.write(`\n${deviationsInWords(deviations)}\n`);
    process.exitCode = EXIT_CODES.invalid;
  });

async function demonstrate(file: string, say: (text: string) => void) {
  const rows = await readProductRows(file);

  say(heading(1, "A chain, a document store, the contracts, and a key for everybody"));
  await using stage = await setStage();
  const grants = await grantRoles(stage);
  say(stageInWords(stage, grants));

  say(heading(2, "Passports for the motors of a CSV file"));
  const issued = await issueMotors(stage, { rows });
  say(issuedInWords(issued));

  const { motor, otherMotor, hot, normal } = chooseMotors(issued);
  say(heading(3, `The life of ${motor.productId}`));
  const life = await liveLife(stage, motor);
  say(costsInWords({ grants, issued, life }));

  say(heading(4, "What somebody finds who was not there, and trusts only the registry's address"));
  const verification = await verifyFromOutside(stage, motor);
  say(`${historyTable(verification.history)}\n\n${formatVerdicts(verification.checks)}`);

  say(heading(5, "Two days of a real sensor, over a broker and a relay, each reading proven"));
  const readings = await playReadings(stage, { hot, normal });
  say(readingsInWords(readings));

  say(heading(6, "What an attacker gets"));
  const attacks = await attack(stage, { motor, otherMotor, life });
  const verificationAfterwards = await verifyFromOutside(stage, motor);
  say(attackTable(attacks));

  const { addressBook } = stage;
  return {
    addressBook,
    assumptions: ASSUMPTIONS,
    grants,
    issued,
    motor,
    life,
    verification,
    readings,
    attacks,
    verificationAfterwards,
  };
}

// By themselves, signals would end the program without a chance to clean up.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

await runCommand(command);
