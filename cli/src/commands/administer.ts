import { type Call, type PassportClient, prepareTransaction } from "@digital-product-passport/sdk";
import { type Command, Option } from "commander";
import { administrativeCall, CONTRACT_NAMES, type ContractName } from "../options/administrative-call.js";
import { type ConfirmingOptions, confirm, withConfirming } from "../options/confirm.js";
import { type WritingOptions, withWriting, withWritingClient } from "../options/open-client.js";
import { type SendingOptions, sendAndPrint, withSending } from "../options/send.js";
import { printChanges } from "../terminal/print-changes.js";

interface Options extends WritingOptions, SendingOptions, ConfirmingOptions {
  readonly on?: ContractName;
}

/**
 * Adds `passport administer`.
 *
 * @param program - the `passport` command
 */
export function addAdministerCommand(program: Command): void {
  withConfirming(withSending(withWriting(program.command("administer"))))
    .description("Does at once what an administrator or a guardian may do alone, after saying what it changes.")
    .argument("<function>", "such as setIssuingLimit, suspendIssuing, pause, resume, setVerifier")
    .argument("[arguments...]", "addresses, numbers, times; roles and event types by name")
    .addOption(new Option("--on <contract>", "whose function it is, where several have it").choices(CONTRACT_NAMES))
    .addHelpText(
      "after",
      `
What the registry's timelocks have to do goes through passport govern.

Examples:
  $ passport administer setIssuingLimit 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC 0 0
  $ passport administer suspendIssuing 0x5FbDB2315678afecb367f032d93F642f64180aa3
  $ passport administer beginDefaultAdminTransfer 0x90F79bf6EB2c4f870365E785982E1f101E93b906 --on manager`,
    )
    .action(async (name: string, given: readonly string[], options: Options) => {
      await withWritingClient(options, async (client, connection) => {
        const { call } = administrativeCall(connection, { name, given, on: options.on });
        const account = await client.context.signer?.getAddress();
        const { inWords } = await client.describeCall(call);
        printChanges({ sentences: [inWords], facts: { "signed by": account } }, options);
        if (!options.dryRun) await confirm(account ?? "", options);
        await sendAndPrint(preparedOf(client, call), { ...options, describe: () => "Done." });
      });
    });
}

function preparedOf({ context }: PassportClient, { to, data }: Call) {
  // Each function has an event of its own; that the contract did not revert is what all have in common.
  return prepareTransaction(context, { to, data, decode: () => "done" as const });
}
