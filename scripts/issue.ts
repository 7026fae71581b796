/**
 * Issues the passports of a file's products as `passport issue` does, on a network of hardhat.config.ts and with its keys:
 * `npm run issue -- FILE --network NAME`.
 */
import { join } from "node:path";
import { chdir, env } from "node:process";
import { createIssueCommand } from "@digital-product-passport/cli/issuing";
import { runCommand } from "@digital-product-passport/cli/terminal";
import { openIssuingPlace } from "./lib/open-issuing-place.js";
import { deploymentsFolder, documentsFolder, projectFolder } from "./lib/project-paths.js";

const command = createIssueCommand<{ readonly network: string; readonly deployments: string }>({
  usage: "npm run issue --",
  help: `The passports are issued by the first account that has an issuing limit. On a public network that is the holder of
ARBITRUM_SEPOLIA_ISSUER_KEY or, where there is none, of ARBITRUM_SEPOLIA_DEPLOYER_KEY; ARBITRUM_ONE_... likewise. Each
is an environment variable or in Hardhat's keystore (npx hardhat keystore set NAME).`,
  withPlace: (issue) =>
    issue
      .requiredOption("--network <name>", "network of hardhat.config.ts: local, arbitrumSepolia, arbitrumOne")
      .option("--deployments <folder>", "where the address books lie", deploymentsFolder),
  openPlace: openIssuingPlace,
});
command
  .setOptionValueWithSource("store", documentsFolder, "default")
  .setOptionValueWithSource("journal", join(projectFolder, ".passport", "issuing"), "default");

// npm runs scripts in the project's folder; the files of the command line are named from where the user stands.
chdir(env["INIT_CWD"] ?? ".");
await runCommand(command);
