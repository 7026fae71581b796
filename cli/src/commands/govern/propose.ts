import { PassportError, parseAddress } from "@digital-product-passport/sdk";
import { type Command, Option } from "commander";
import { addressOf, administrativeCall, CONTRACT_NAMES, type ContractName } from "../../options/administrative-call.js";
import { type ConfirmingOptions, confirm, withConfirming } from "../../options/confirm.js";
import type { Connection } from "../../options/connection.js";
import { type WritingOptions, withWriting, withWritingClient } from "../../options/open-client.js";
import { printProposal } from "./describe-proposal.js";
import { signerOf, writeProposal } from "./proposal-file.js";
import { TIMELOCK_NAMES, type TimelockName } from "./timelocks.js";

interface Options extends WritingOptions, ConfirmingOptions {
  readonly out: string;
  readonly on?: ContractName;
  readonly timelock?: TimelockName;
  readonly safe?: string;
}

/** What the timelock of two days is for; everything else takes the one of seven. */
const ADMISSIONS: readonly string[] = ["admitManufacturer", "admitManager", "resumeIssuing"];

/**
 * Adds `passport govern propose`.
 *
 * @param govern - the command above it
 */
export function addProposeCommand(govern: Command): void {
  withConfirming(withWriting(govern.command("propose")))
    .description("Proposes a change in the Safe's name, as the first owner who signs it.")
    .argument("<function>", "such as admitManufacturer, admitManager, listFactory, grantRole, revokeRole")
    .argument("[arguments...]", "addresses, numbers, times; roles and event types by name")
    .requiredOption("--out <file>", "where the proposal goes, for the next owner to sign")
    .addOption(
      new Option("--on <contract>", "whose function it is, if it is not the registry's").choices(CONTRACT_NAMES),
    )
    .addOption(new Option("--timelock <name>", "through which it goes, if not the usual one").choices(TIMELOCK_NAMES))
    .option("--safe <address>", "the Safe; that of the address book if left out")
    .addHelpText(
      "after",
      `
What will change is worked out from the bytes that are signed, compared with the chain and said before anything is signed.
Nothing is sent.

Example:
  $ passport govern propose admitManager 1 0x5FbDB2315678afecb367f032d93F642f64180aa3 --out proposal.json`,
    )
    .action(async (name: string, given: readonly string[], options: Options) => {
      await withWritingClient(options, async (client, connection) => {
        const { call, on } = administrativeCall(connection, { name, given, on: options.on ?? "registry" });
        const timelock = addressOf(connection, options.timelock ?? usualTimelock(name, on));
        const proposal = await client.createProposal({ safe: safeOf(connection, options), timelock, calls: [call] });
        const described = await printProposal(client, { connection, proposal, json: options.json });
        await confirm(await signerOf(client), options);
        await writeProposal(await client.signProposal(proposal), { ...options, client, described });
      });
    });
}

function usualTimelock(name: string, on: ContractName): TimelockName {
  if (on === "admission-timelock" || on === "listing-timelock") return on;
  return ADMISSIONS.includes(name) ? "admission-timelock" : "listing-timelock";
}

function safeOf({ addressBook }: Connection, options: Options): string {
  const safe = options.safe ?? addressBook?.safe;
  if (safe !== undefined) return parseAddress(safe, { field: "--safe" });
  throw new PassportError("input.invalid", {
    field: "--safe",
    problem: "this network's address book names none",
    value: undefined,
  });
}
