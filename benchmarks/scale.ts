/**
 * Fills a local anvil with very many passports and entries, and says at each stage what the next ones cost, and what a
 * client needs to find and verify one of them. By hand: it takes half an hour.
 */
import { createProgressBar } from "@digital-product-passport/cli/terminal";
import { createPassportClient, createProvider, digestOf, eventTypeOf } from "@digital-product-passport/sdk";
import { Command } from "commander";
import { keepCommitted } from "../scripts/lib/keep-committed.js";
import { type AnvilSuite, startAnvilSuite } from "../test/support/anvil-suite.js";
import { NO_END } from "../test/support/contract-values.js";
import { productIdOf } from "../test/support/deploy-suite.js";
import { CONSENTING_WALLET } from "../test/support/long-history.js";
import {
  AttestationRelay__factory,
  PassportRegistry__factory,
  WEGManager__factory,
} from "../types/ethers-contracts/index.js";
import { describeMachine } from "./lib/describe-machine.js";
import { type CountingWay, openCountingWay } from "./scale/count-requests.js";
import { type Call, mineTransactions, type Receipt } from "./scale/mine-transactions.js";
import type { ScaleResult, ScaleStage } from "./scale/scale-result.js";
import { medianOf } from "./sdk/alternate.js";

const STAGES = 10;
/** Passports of a block, issued 25 at a time, then entered into 50 at a time. */
const BLOCK_PASSPORTS = 250;
const [ISSUED_AT_ONCE, ENTERED_AT_ONCE] = [25, 50];
const BLOCK_GAS = 2_000_000_000;
const LOOKS = 5;

const managerInterface = WEGManager__factory.createInterface();
const registryInterface = PassportRegistry__factory.createInterface();
const relayInterface = AttestationRelay__factory.createInterface();

const command = new Command("bench:scale")
  .description("Measures what the suite costs with very many passports, and writes benchmarks/results/scale.json.")
  .option("--json", "print the figures as JSON")
  .option("--passports <number>", "how many, a multiple of 2,500", Number, 100_000)
  .option("--entries <number>", "of each passport, the first included", Number, 10)
  .addHelpText("after", "\nExample:\n  npm run bench:scale -- --passports 10000")
  .parse();
const { json, passports, entries } = command.opts<{ json?: true; passports: number; entries: number }>();
if (passports % (STAGES * BLOCK_PASSPORTS) !== 0) command.error("--passports must be a multiple of 2,500");

const text = `${JSON.stringify(await measure(), null, 2)}\n`;
await keepCommitted([{ path: "results/scale.json", text }], {
  folder: import.meta.dirname,
  check: false,
  command: "npm run bench:scale",
});
process.stdout.write(json === true ? text : `${text}Written to benchmarks/results/scale.json\n`);

async function measure(): Promise<ScaleResult> {
  const started = describeMachine();
  // Old states are not asked for, and would fill the memory; the events of all blocks stay.
  const suite = await startAnvilSuite({ further: ["--prune-history", "16", "--gas-limit", String(BLOCK_GAS)] });
  const way = await openCountingWay(suite.url);
  const bar = createProgressBar("passports", { total: passports / BLOCK_PASSPORTS });
  try {
    await suite.ask("anvil_setCode", suite.participants.technician.address, CONSENTING_WALLET);
    await suite.ask("evm_setAutomine", false);
    const stages: ScaleStage[] = [];
    for (let stage = 0; stage < STAGES; stage += 1) {
      const cost = await fill(suite, { first: (stage * passports) / STAGES + 1, onBlock: bar.step });
      const count = ((stage + 1) * passports) / STAGES;
      const client = await measureClient(suite, way, { count });
      stages.push({ passports: count, entries: count * entries, ...cost, client });
    }
    return { stages, measuredOn: { ...started, loadAtEnd: describeMachine().load } };
  } finally {
    bar.stop();
    await way.close();
    await suite.close();
  }
}

/** Issues the passports of a stage and records their entries, a block of each in turn. */
async function fill(suite: AnvilSuite, { first, onBlock }: { readonly first: number; readonly onBlock: () => void }) {
  const gas: Record<"issued" | "entered", number[]> = { issued: [], entered: [] };
  const seconds = { issuing: 0, entering: 0 };
  for (let serial = first; serial < first + passports / STAGES; serial += BLOCK_PASSPORTS) {
    const started = performance.now();
    const issued = await mineTransactions(suite.ask, issuingCalls(suite, serial));
    const between = performance.now();
    const entered = await mineTransactions(suite.ask, enteringCalls(suite, issued.flatMap(passportsOf)));
    seconds.issuing += (between - started) / 1_000;
    seconds.entering += (performance.now() - between) / 1_000;
    gas.issued.push(...issued.map(({ gasUsed }) => Number(gasUsed) / ISSUED_AT_ONCE));
    gas.entered.push(...entered.map(({ gasUsed }) => Number(gasUsed) / ENTERED_AT_ONCE));
    onBlock();
  }
  return {
    gasPerPassport: Math.round(medianOf(gas.issued)),
    gasPerEntry: Math.round(medianOf(gas.entered)),
    passportsPerSecond: Math.round(passports / STAGES / seconds.issuing),
    entriesPerSecond: Math.round(((entries - 1) * passports) / STAGES / seconds.entering),
  };
}

function issuingCalls({ addressBook, participants }: AnvilSuite, first: number): readonly Call[] {
  const { issuer, owner } = participants;
  return Array.from({ length: BLOCK_PASSPORTS / ISSUED_AT_ONCE }, (_, call) => {
    const issuances = Array.from({ length: ISSUED_AT_ONCE }, (__, index) => {
      const productId = productIdOf(first + call * ISSUED_AT_ONCE + index);
      return { productId, owner: owner.address, document: digestOf(Buffer.from(productId)) };
    });
    const data = managerInterface.encodeFunctionData("issueMany", [issuances]);
    return { from: issuer.address, to: addressBook.contracts.manager.address, data };
  });
}

function passportsOf({ logs }: Receipt): readonly string[] {
  return logs.flatMap((log) => {
    const event = registryInterface.parseLog(log);
    return event?.name === "PassportRegistered" ? [String(event.args["passport"])] : [];
  });
}

/** Each passport's second entry, then each one's third, and so on, as when a technician goes round. */
function enteringCalls({ addressBook, participants }: AnvilSuite, addresses: readonly string[]): readonly Call[] {
  const { stranger, technician } = participants;
  const calls: Call[] = [];
  for (let sequence = 2; sequence <= entries; sequence += 1) {
    for (let first = 0; first < addresses.length; first += ENTERED_AT_ONCE) {
      const items = addresses.slice(first, first + ENTERED_AT_ONCE).map((passport) => {
        const document = digestOf(Buffer.from(`${passport} ${sequence}`));
        const attestation = { eventType: eventTypeOf("MAINTAINED"), document, attester: technician.address, sequence };
        return { passport, attestation: { ...attestation, deadline: NO_END }, signer: "0x", signature: "0x" };
      });
      const data = relayInterface.encodeFunctionData("submitMany", [items]);
      calls.push({ from: stranger.address, to: addressBook.contracts.attestationRelay.address, data });
    }
  }
  return calls;
}

/** Products from everywhere among all, each looked for by a client that has just been started. */
async function measureClient(suite: AnvilSuite, way: CountingWay, { count }: { readonly count: number }) {
  const looks: ScaleStage["client"][] = [];
  for (let look = 1; look <= LOOKS; look += 1) {
    looks.push(await lookFor(productIdOf(Math.round((count * look) / LOOKS)), suite, way));
  }
  const middleOf = (figure: keyof ScaleStage["client"]) => Number(medianOf(looks.map((one) => one[figure])).toFixed(1));
  return {
    findRequests: middleOf("findRequests"),
    findMilliseconds: middleOf("findMilliseconds"),
    verifyRequests: middleOf("verifyRequests"),
    verifyKilobytes: middleOf("verifyKilobytes"),
    verifyMilliseconds: middleOf("verifyMilliseconds"),
  };
}

async function lookFor(productId: string, suite: AnvilSuite, way: CountingWay): Promise<ScaleStage["client"]> {
  const { chainId } = suite.network;
  const rpc = createProvider(way.url, { chainId });
  const client = createPassportClient({ rpc, chainId, registry: suite.addressBook.contracts.registry.address });
  way.take();
  const started = performance.now();
  await client.findPassport({ productId });
  const [found, finding] = [performance.now(), way.take()];
  const { verdicts } = await client.verifyPassport({ passport: productId });
  const [verified, verifying] = [performance.now(), way.take()];
  rpc.destroy();
  if (verdicts.history.status !== "valid") throw new Error(`${productId}: ${verdicts.history.reason}`);
  return {
    findRequests: finding.requests,
    findMilliseconds: found - started,
    verifyRequests: verifying.requests,
    verifyKilobytes: verifying.kilobytes,
    verifyMilliseconds: verified - found,
  };
}
