import { readFileSync } from "node:fs";
import { Command } from "commander";
import * as z from "zod";
import { addAdministerCommand } from "./commands/administer.js";
import { addAttestCommand } from "./commands/attest.js";
import { addBundleCommand } from "./commands/bundle.js";
import { addDoctorCommand } from "./commands/doctor.js";
import { addGovernCommand } from "./commands/govern/govern.js";
import { addGrantCommand } from "./commands/grant.js";
import { addHistoryCommand } from "./commands/history.js";
import { addIssueCommand } from "./commands/issue.js";
import { addKeyCommand } from "./commands/key.js";
import { addProveReadingCommand } from "./commands/prove-reading.js";
import { addQrCommand } from "./commands/qr.js";
import { addReadingsCommand } from "./commands/readings.js";
import { addRecommendCommand } from "./commands/recommend.js";
import { addRelayCommand } from "./commands/relay.js";
import { addRevokeCommand } from "./commands/revoke.js";
import { addRulesCommand } from "./commands/rules.js";
import { addShowCommand } from "./commands/show.js";
import { addSignCommand } from "./commands/sign.js";
import { addSubmitCommand } from "./commands/submit.js";
import { addTransferCommand } from "./commands/transfer.js";
import { addVerifyCommand } from "./commands/verify.js";
import { addVerifyReadingCommand } from "./commands/verify-reading.js";

const manifestSchema = z.object({ version: z.string() });

/**
 * Makes the `passport` command. Nothing happens before it is parsed.
 *
 * @returns the command with all commands below it
 */
export function createProgram(): Command {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const program = new Command("passport")
    .description("Reads, verifies and writes digital product passports.")
    .version(manifestSchema.parse(JSON.parse(manifest)).version)
    .exitOverride()
    .showHelpAfterError("(--help tells more)")
    .addHelpText(
      "after",
      `
Where the chain and the contracts are comes from deployments/<network>.json, or from --rpc and --registry.

Exit code: 0 valid or done, 1 invalid or refused, 2 wrong usage or input, 3 it could not be found out.

Environment:
  PASSPORT_RPC_URL             endpoint of the chain, as --rpc
  PASSPORT_KEY                 private key of the account that signs, 32 bytes in hex; of several that issue, with commas
  PASSPORT_KEYSTORE            keystore file of the account that signs, as --keystore
  PASSPORT_KEYSTORE_PASSWORD   password of that file; asked for on a terminal if left out
  PASSPORT_P256                PEM file with the key of the device that signs, as --p256
  PASSPORT_P256_PASSWORD       password of that file; asked for on a terminal if left out`,
    );

  // To read and verify.
  addShowCommand(program);
  addHistoryCommand(program);
  addVerifyCommand(program);
  addBundleCommand(program);
  addRulesCommand(program);
  addRecommendCommand(program);
  addReadingsCommand(program);
  addProveReadingCommand(program);
  addVerifyReadingCommand(program);
  addQrCommand(program);

  // To write.
  addIssueCommand(program);
  addAttestCommand(program);
  addSignCommand(program);
  addSubmitCommand(program);
  addTransferCommand(program);
  addGrantCommand(program);
  addRevokeCommand(program);
  addKeyCommand(program);

  // To administer and to govern.
  addAdministerCommand(program);
  addGovernCommand(program);

  // To run.
  addRelayCommand(program);

  addDoctorCommand(program);
  return program;
}
