/**
 * Deploys the suite to a network, or finishes what an earlier run began: `npm run deploy -- --network NAME`.
 */
import { formatTable, printJson, runCommand } from "@digital-product-passport/cli/terminal";
import { Command } from "commander";
import { addressBookPath } from "./lib/address-book-file.js";
import { type Deployed, deployTo } from "./lib/deploy-to.js";
import { readDeploymentParameters } from "./lib/deployment-parameters.js";
import { openNetwork } from "./lib/open-network.js";
import { deploymentsFolder, resolveUserPath } from "./lib/project-paths.js";

interface Options {
  readonly network: string;
  readonly parameters?: string;
  readonly rpcUrl?: string;
  readonly deployments?: string;
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
  .option("--json", "print the result as JSON")
  .addHelpText(
    "after",
    `
A public network needs its endpoint and the deployer's key, as environment variables or in Hardhat's keystore
(npx hardhat keystore set NAME): ARBITRUM_SEPOLIA_RPC_URL, ARBITRUM_SEPOLIA_DEPLOYER_KEY, and ARBITRUM_ONE_... likewise.

Examples:
  $ npm run deploy -- --network local
  $ npm run deploy -- --network arbitrumSepolia --parameters weg.json --json`,
  )
  .action(async (options: Options) => {
    const network = await openNetwork(options.network, { rpcUrl: options.rpcUrl });
    try {
      const parameters = await readDeploymentParameters(network, { file: resolveUserPath(options.parameters) });
      const folder = resolveUserPath(options.deployments) ?? deploymentsFolder;
      const deployed = await deployTo(network, { parameters, folder });
      if (options.json) printJson(deployed);
      else printDeployed(deployed, addressBookPath(options.network, { folder }));
    } finally {
      network.provider.destroy();
    }
  });

function printDeployed({ addressBook, transactionCount }: Deployed, path: string): void {
  const deployed = Object.values(addressBook.contracts).map(({ contract, address, block }) => [
    contract,
    address,
    String(block),
  ]);
  console.log(formatTable(deployed, { head: ["contract", "address", "block"] }));
  console.log(
    transactionCount === 0
      ? `Everything was deployed already; nothing was sent. Address book: ${path}`
      : `${transactionCount} transactions sent. Address book: ${path}`,
  );
}

await runCommand(command);
