/**
 * Issues the passports of a file's products: `npm run issue -- FILE --network NAME`.
 */
import {
  createProgressBar,
  EXIT_CODES,
  formatTable,
  printJson,
  runCommand,
} from "@digital-product-passport/cli/terminal";
import type { DocumentStore } from "@digital-product-passport/sdk";
import { parseAddress } from "@digital-product-passport/sdk";
import { createKuboStore } from "@digital-product-passport/sdk/kubo";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { Command, Option } from "commander";
import { requireAddressBook } from "./lib/address-book-file.js";
import { issueRows, type RowOutcome, type RowsOutcome } from "./lib/issue-rows.js";
import { openIssuingClient } from "./lib/open-issuing-client.js";
import { openNetwork } from "./lib/open-network.js";
import { deploymentsFolder, documentsFolder, resolveUserPath } from "./lib/project-paths.js";
import { readProductRows } from "./lib/read-product-rows.js";

interface Options {
  readonly network: string;
  readonly owner?: string;
  readonly store?: string;
  readonly ipfs?: string;
  readonly deployments?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const command = new Command("issue")
  .description(
    "Issues the passports of a file's products. Rows that cannot be issued are reported with line, field and reason, " +
      "good ones are issued; running it again issues what is missing.",
  )
  .argument("<file>", "CSV or JSON file, see examples/README.md")
  .requiredOption("--network <name>", "network of hardhat.config.ts: local, arbitrumSepolia, arbitrumOne")
  .option("--owner <address>", "first owner of products whose row names none (default: the issuer)")
  .option("--store <folder>", "folder to keep the documents in (default: .passport/documents)")
  .addOption(new Option("--ipfs <url>", "keep the documents in Kubo, at its RPC").conflicts("store"))
  .option("--deployments <folder>", "where the address books lie (default: deployments)")
  .option("--dry-run", "check everything, store and send nothing")
  .option("--json", "print the result as JSON")
  .addHelpText(
    "after",
    `
The passports are issued by the first account that has an issuing limit. On a public network that is the holder of
ARBITRUM_SEPOLIA_ISSUER_KEY or, where there is none, of ARBITRUM_SEPOLIA_DEPLOYER_KEY; ARBITRUM_ONE_... likewise. Each
is an environment variable or in Hardhat's keystore (npx hardhat keystore set NAME).

Exit code: 0 all products have their passports, 1 some rows were refused, 2 wrong usage, 3 the node or the store does
not answer.

Examples:
  $ npm run issue -- examples/motors.csv --network local
  $ npm run issue -- motors.csv --network arbitrumOne --ipfs http://127.0.0.1:5001 --dry-run`,
  )
  .action(async (file: string, options: Options) => {
    const rows = await readProductRows(resolveUserPath(file));
    const folder = resolveUserPath(options.deployments) ?? deploymentsFolder;
    const addressBook = await requireAddressBook(options.network, { folder });
    const network = await openNetwork(options.network, { rpcUrl: addressBook.rpcUrl, accounts: "issuers" });
    try {
      const { client, issuer } = await openIssuingClient(network, { addressBook, store: openStore(options) });
      const owner = options.owner === undefined ? issuer : parseAddress(options.owner, { field: "--owner" });
      const progress = createProgressBar("Passports", { total: rows.length });
      const outcome = await issueRows(client, rows, {
        owner,
        isDryRun: options.dryRun ?? false,
        onOutcome: progress.step,
      }).finally(progress.stop);
      if (options.json) printJson(outcome);
      else printOutcome(outcome, options);
      if (outcome.interruption !== undefined) throw outcome.interruption;
      process.exitCode = count(outcome, "refused") === 0 ? EXIT_CODES.done : EXIT_CODES.invalid;
    } finally {
      network.provider.destroy();
    }
  });

function openStore({ ipfs, store }: Options): DocumentStore {
  return ipfs === undefined
    ? createDiskStore(resolveUserPath(store) ?? documentsFolder)
    : createKuboStore({ url: ipfs });
}

function printOutcome(outcome: RowsOutcome, { dryRun }: Options): void {
  const problems = outcome.outcomes.flatMap((row) =>
    row.status === "refused" ? row.problems.map(({ field, reason }) => [String(row.line), field, reason]) : [],
  );
  if (problems.length > 0)
    console.log(formatTable(problems, { head: ["line", "field", "reason"], widths: [8, 40, 70] }));
  const parts = [
    `${count(outcome, "issued")} issued`,
    `${count(outcome, "registered")} had a passport already`,
    `${count(outcome, "refused")} refused`,
  ];
  const waiting = count(outcome, "waiting");
  if (waiting > 0) parts.push(`${waiting} ${dryRun ? "can be issued" : "not tried; run again to go on"}`);
  console.log(`${parts.join(", ")}.`);
}

function count({ outcomes }: RowsOutcome, status: RowOutcome["status"]): number {
  return outcomes.filter((row) => row.status === status).length;
}

await runCommand(command);
