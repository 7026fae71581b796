import { colours, formatVerdicts, paragraph, sparkline, TEXT_WIDTH } from "@digital-product-passport/cli/terminal";
import { ASSUMPTIONS, type Cost } from "../lib/cost-of-transaction.js";
import type { IssuedMotors } from "./issue-motors.js";
import type { Life } from "./live-life.js";
import { ALARM_LIMIT, type PlayedReadings } from "./play-readings.js";
import type { GrantedRole, Stage } from "./set-stage.js";
import { type CostLine, costTable, inWords } from "./tables.js";

const WEI_PER_GWEI = 1e9;

/**
 * The heading of an act.
 *
 * @param number - of the act
 * @param title - what happens
 * @returns the text
 */
export function heading(number: number, title: string): string {
  return `\n${colours.bold(`${number}  ${title}`)}`;
}

/**
 * Tells what there is before the first passport.
 *
 * @param stage - chain, store and contracts
 * @param grants - the roles
 * @returns the text
 */
export function stageInWords(
  { addressBook, network, transactionCount }: Stage,
  grants: readonly GrantedRole[],
): string {
  const { registry, manager } = addressBook.contracts;
  const roles = grants.map(({ role }) => inWords(role)).join(", ");
  return paragraph(
    `Chain ${network.chainId} at ${network.rpcUrl}; the documents are files in a temporary folder.`,
    `Registry ${registry.address} and what belongs to it: ${transactionCount} transactions.`,
    `WEG's manager ${manager.address}; its administrator has granted a role to each of ${grants.length} keys: ${roles}.`,
    "The technician and the buyer have keys, but no ETH.",
  );
}

/**
 * Tells what was issued.
 *
 * @param issued - the passports
 * @returns the text
 */
export function issuedInWords({ costs, motors }: IssuedMotors): string {
  return paragraph(
    `${motors.length} passports in ${costs.length} transactions: each is a contract of its own, with a MANUFACTURED document.`,
  );
}

/**
 * Tells what everything cost.
 *
 * @param spent - grants, passports and the steps of a life
 * @returns the table, and what it rests on
 */
export function costsInWords(spent: {
  readonly grants: readonly GrantedRole[];
  readonly issued: IssuedMotors;
  readonly life: Life;
}): string {
  const { grants, issued, life } = spent;
  const [grant] = grants;
  const before: readonly CostLine[] = [
    ...(grant === undefined ? [] : [{ what: "grant of a role", signedBy: "admin", paidBy: "admin", cost: grant.cost }]),
    { what: "MANUFACTURED", signedBy: "issuer", paidBy: "issuer", cost: averageOf(issued) },
  ];
  const { l1BaseFeeWei, l2GasPriceWei, usDollarsPerEth } = ASSUMPTIONS;
  const table = costTable([...before, ...life.steps]);
  const usCents = life.steps.reduce((sum, { cost }) => sum + cost.usCents, averageOf(issued).usCents);
  const explanation = paragraph(
    "The technician signed MAINTAINED without a connection, before INSPECTED and RECALLED; a stranger submitted it after " +
      "them. He and the buyer still hold no ETH.",
    `From the first entry to the last: ${usCents.toFixed(0)} US cents. Gas is from the receipts, bytes are those of the ` +
      "signed transaction after brotli; MANUFACTURED is one passport of a batch.",
    `Assumed, not measured: 1 ETH = ${usDollarsPerEth.toLocaleString("en")} US$, L1 base fee ` +
      `${inGwei(l1BaseFeeWei)} gwei, gas price ${inGwei(l2GasPriceWei)} gwei. Fee = gas x gas price + 16 x bytes x L1 base fee.`,
  );
  return `${table}\n\n${explanation}`;
}

/**
 * Tells what became of the readings.
 *
 * @param played - from the broker to the proof
 * @returns the text
 */
export function readingsInWords(played: PlayedReadings): string {
  const { gateway, published, batches, motors, proven, checks, forged } = played;
  const intake = paragraph(
    `The gateway ${gateway}, a P-256 key, was attached to two motors; the technician and the gateway have both signed.`,
    `${published} readings went over an MQTT broker to the relay, which anchored them in ${batches} batches.`,
    "The values are those of a real machine (examples/readings); that they are degrees Celsius is assumed.",
  );
  const charts = motors.map(({ productId, series, gaps, alarms, values }) => {
    const [{ minimum, mean, maximum, count, unit } = NOTHING] = series;
    const missing = gaps.map(({ first, last }) => (first === last ? `${first}` : `${first} to ${last}`)).join(", ");
    return paragraph(
      productId,
      sparkline(values, { width: TEXT_WIDTH - 10 }),
      `${count} readings: ${minimum} to ${maximum} ${unit}, mean ${mean}; ` +
        (missing === "" ? "none is missing" : `missing: number ${missing}, which was lost before the relay`),
      alarms.length === 0 ? "no alarm" : `in its passport: ${alarms.join(", ")}, above ${ALARM_LIMIT} ${unit}`,
    );
  });
  const proof = paragraph(
    `One of them, proven by a file of its own: number ${proven.sequence} of ${proven.sensor}, ${proven.value} ${proven.unit}.`,
  );
  const forgery = paragraph(`The same file, but it says ${forged.value}:`);
  const wrong = forged.checks.filter(({ status }) => status === "invalid");
  return [intake, ...charts, proof, formatVerdicts(checks), forgery, formatVerdicts(wrong)].join("\n\n");
}

/** Of a sensor that said nothing. */
const NOTHING = { minimum: "-", mean: "-", maximum: "-", count: 0, unit: "" };

/** The end, if all is as it must be. */
export const ending = [
  "",
  colours.green("Everything is as it must be: each verdict, and what became of each attack."),
  "",
  "Next:  npm run dev    keeps a chain with these passports running, for apps and explorers",
  "       npm test       runs all tests",
  "       README.md      how to use it as manufacturer, app developer, auditor, gateway",
].join("\n");

/**
 * Tells what is not as it must be.
 *
 * @param deviations - at least one
 * @returns the text
 */
export function deviationsInWords(deviations: readonly string[]): string {
  return [colours.red("Not everything is as it must be:"), ...deviations.map((deviation) => `- ${deviation}`)].join(
    "\n",
  );
}

function averageOf({ costs, motors }: IssuedMotors): Cost {
  const sumOf = (read: (cost: Cost) => number) => costs.reduce((sum, cost) => sum + read(cost), 0) / motors.length;
  return {
    gas: BigInt(Math.round(sumOf(({ gas }) => Number(gas)))),
    compressedBytes: Math.round(sumOf(({ compressedBytes }) => compressedBytes)),
    usCents: sumOf(({ usCents }) => usCents),
  };
}

function inGwei(wei: bigint): number {
  return Number(wei) / WEI_PER_GWEI;
}
