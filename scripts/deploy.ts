/**
 * Deploys the suite to a network, or finishes what an earlier run began: `npm run deploy -- --network NAME`.
 */
import { stdout } from "node:process";
import {
  createProgressBar,
  EXIT_CODES,
  formatTable,
  printJson,
  runCommand,
} from "@digital-product-passport/cli/terminal";
import { type AddressBook, timestampOf } from "@digital-product-passport/sdk";
import { Command, Option } from "commander";
import { addressBookPath, requireAddressBook } from "./lib/address-book-file.js";
import { type Deployed, deployTo } from "./lib/deploy-to.js";
import { readDeploymentParameters } from "./lib/deployment-parameters.js";
import { LOCAL_NETWORK, type OpenNetwork, openNetwork } from "./lib/open-network.js";
import { deploymentsFolder, resolveUserPath } from "./lib/project-paths.js";
import { type Handover, readHandover } from "./lib/read-handover.js";
import { EXPLORERS, type Explorer, type SourceVerification, verifySources } from "./lib/verify-sources.js";

interface Options {
  readonly network: string;
  readonly parameters?: string;
  readonly rpcUrl?: string;
  readonly deployments?: string;
  readonly verify?: true | readonly Explorer[];
  readonly verifyOnly?: true | readonly Explorer[];
  readonly json?: true;
}

const command = new Command("deploy")
  .description(
    "Deploys the suite and WEG to a network, or finishes what an earlier run began, and writes the address book.",
  )
  .requiredOption("--network <name>", "network of hardhat.config.ts: local, arbitrumSepolia, arbitrumOne")
  .option("--parameters <file>", "who administers, issues and guards (default: deployments/parameters/<network>.json)")
  .option("--rpc-url <url>", "endpoint of the network local, if it is another than the configured one")
  .option("--deployments <folder>", "where address books and journals lie (default: deployments)")
  .addOption(
    new Option("--verify [explorer...]", "have explorers publish the sources (default: all of them)").choices(
      EXPLORERS,
    ),
  )
  .addOption(
    new Option("--verify-only [explorer...]", "the same for what the address book names; deploys nothing, needs no key")
      .choices(EXPLORERS)
      .conflicts(["verify", "parameters"]),
  )
  .option("--json", "print the result as JSON")
  .addHelpText(
    "after",
    `
A public network needs its endpoint and the deployer's key, as environment variables or in Hardhat's keystore
(npx hardhat keystore set NAME): ARBITRUM_SEPOLIA_RPC_URL, ARBITRUM_SEPOLIA_DEPLOYER_KEY, and ARBITRUM_ONE_... likewise.

Explorers are etherscan (on Arbitrum: Arbiscan, whose API needs ETHERSCAN_API_KEY, set likewise), blockscout and
sourcify. What is verified stays so, and what is not can be asked for again; no answer of theirs changes the deployment.

Exit code: 0 done, 1 refused by a contract or an explorer, 2 wrong usage or configuration, 3 the node does not answer or
an explorer has not decided.

Examples:
  $ npm run deploy -- --network local
  $ npm run deploy -- --network arbitrumSepolia --parameters weg.json --verify
  $ npm run deploy -- --network arbitrumSepolia --verify-only sourcify blockscout`,
  )
  .action(async (options: Options) => {
    const folder = resolveUserPath(options.deployments) ?? deploymentsFolder;
    const explorers = explorersOf(options);
    if (options.verifyOnly === undefined) await deployAndVerify(options, { folder, explorers });
    else await verifyOnly(options, { folder, explorers });
  });

interface Work {
  readonly folder: string;
  readonly explorers: readonly Explorer[];
}

async function deployAndVerify(options: Options, { folder, explorers }: Work): Promise<void> {
  const network = await openNetwork(options.network, { rpcUrl: options.rpcUrl });
  try {
    const parameters = await readDeploymentParameters(network, { file: resolveUserPath(options.parameters) });
    const deployed = await deployTo(network, { parameters, folder });
    const handover = network.name === LOCAL_NETWORK ? undefined : await readHandover(network, deployed);
    if (!options.json) printDeployed(deployed, addressBookPath(options.network, { folder }));
    if (!options.json && handover !== undefined) printHandover(handover);
    if (explorers.length === 0) {
      if (options.json) printJson({ ...deployed, handover });
      return;
    }
    const verifications = await verify(network, { addressBook: deployed.addressBook, explorers });
    report(options, { ...deployed, handover, verifications });
  } finally {
    network.provider.destroy();
  }
}

async function verifyOnly(options: Options, { folder, explorers }: Work): Promise<void> {
  const addressBook = await requireAddressBook(options.network, { folder });
  const network = await openNetwork(options.network, { rpcUrl: options.rpcUrl, accounts: "nobody" });
  try {
    report(options, { addressBook, verifications: await verify(network, { addressBook, explorers }) });
  } finally {
    network.provider.destroy();
  }
}

async function verify(
  network: OpenNetwork,
  options: { readonly addressBook: AddressBook; readonly explorers: readonly Explorer[] },
): Promise<readonly SourceVerification[]> {
  const total = Object.keys(options.addressBook.contracts).length * options.explorers.length;
  const progress = createProgressBar("Sources", { total });
  return await verifySources(network, { ...options, onVerdict: progress.step }).finally(progress.stop);
}

function explorersOf({ verify, verifyOnly }: Options): readonly Explorer[] {
  const chosen = verify ?? verifyOnly ?? [];
  return chosen === true ? EXPLORERS : chosen;
}

function printDeployed({ addressBook, transactionCount }: Deployed, path: string): void {
  const deployed = Object.entries(addressBook.contracts).map(([name, { contract, address, block }]) => [
    name,
    contract,
    address,
    String(block),
  ]);
  console.log(formatTable(deployed, { head: ["name", "contract", "address", "block"] }));
  console.log(
    transactionCount === 0
      ? `Everything was deployed already; nothing was sent. Address book: ${path}`
      : `${transactionCount} transactions sent. Address book: ${path}`,
  );
}

/** What nobody but the new administrators can do. */
function printHandover(handover: Handover): void {
  for (const [contract, { administrator, pending }] of Object.entries(handover)) {
    console.log(
      pending === undefined
        ? `The ${contract} is administered by ${administrator}.`
        : `The ${contract} is still administered by ${administrator}, until ${pending.newAdministrator} accepts, from ` +
            `${timestampOf(pending.acceptableFrom)} on: deployments/README.md says how.`,
    );
  }
}

function report(
  options: Options,
  result: Partial<Deployed> & { readonly handover?: Handover | undefined } & {
    readonly verifications: readonly SourceVerification[];
  },
): void {
  const { verifications } = result;
  if (options.json) printJson(result);
  else printVerifications(options.network, verifications);
  const has = (status: SourceVerification["status"]) => verifications.some((verdict) => verdict.status === status);
  if (has("refused")) process.exitCode = EXIT_CODES.invalid;
  else if (has("undecided")) process.exitCode = EXIT_CODES.outage;
}

function printVerifications(network: string, verifications: readonly SourceVerification[]): void {
  const rows = verifications.map(({ contract, explorer, reason, status, url }) => [
    contract,
    explorer,
    status,
    reason ?? url,
  ]);
  console.log(
    formatTable(rows, { head: ["contract", "explorer", "source", "where, or why not"], widths: [26, 12, 11, 105] }),
  );
  const verified = verifications.filter(({ status }) => status === "verified").length;
  const advice =
    verified === verifications.length
      ? ""
      : ` The deployment is complete all the same; to ask again: npm run deploy -- --network ${network} --verify-only`;
  console.log(`${verified} of ${verifications.length} verified.${advice}`);
}

await runCommand(command);
// What hardhat-verify still asks an explorer that does not decide is not waited for.
stdout.write("", () => process.exit());
