/**
 * Keeps a local chain with the suite and sample passports running, for apps and explorers: `npm run dev`.
 */

import { once } from "node:events";
import { join } from "node:path";
import { issueRows, type RowOutcome, readProductRows } from "@digital-product-passport/cli/issuing";
import { createProgressBar, formatTable, runCommand } from "@digital-product-passport/cli/terminal";
import { type AddressBook, createMemoryJournal, createPassportClient } from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { WEGManager__factory } from "../types/ethers-contracts/index.js";
import { addressBookPath, removeAddressBook } from "./lib/address-book-file.js";
import { deployTo } from "./lib/deploy-to.js";
import { readDeploymentParameters } from "./lib/deployment-parameters.js";
import { LOCAL_NETWORK } from "./lib/open-network.js";
import { grantRoles, participantsOf } from "./lib/participants.js";
import { deploymentsFolder, documentsFolder, projectFolder, resolveUserPath } from "./lib/project-paths.js";
import { type LocalChain, startLocalChain } from "./lib/start-local-chain.js";

interface Options {
  readonly port: number;
  readonly store?: string;
  readonly deployments?: string;
}

/** Motors that the table shows; the others are in the file. */
const SHOWN_PASSPORTS = 5;

const command = new Command("dev")
  .description("Keeps a local chain with the suite, roles and sample passports running until Ctrl-C.")
  .option("--port <number>", "port on 127.0.0.1 for HTTP and WebSocket", parsePort, 8545)
  .option("--store <folder>", "folder to keep the documents in (default: .passport/documents)")
  .option("--deployments <folder>", "where the address book is written (default: deployments)")
  .addHelpText(
    "after",
    `
While it runs, deployments/local.json tells every other command where the chain and the contracts are.

Example:
  $ npm run dev -- --port 9545`,
  )
  .action(async (options: Options) => {
    const ended = waitForEnd();
    const folder = resolveUserPath(options.deployments) ?? deploymentsFolder;
    const storeFolder = resolveUserPath(options.store) ?? documentsFolder;
    const chain = await startLocalChain({ port: options.port });
    try {
      const running = runUntil(ended, chain, { folder, storeFolder });
      await Promise.race([ended, running]);
      console.log("\nShutting down.");
    } finally {
      await removeAddressBook(LOCAL_NETWORK, { folder, rpcUrl: chain.network.rpcUrl });
      await chain.close();
    }
  });

async function runUntil(ended: Promise<void>, chain: LocalChain, folders: Folders): Promise<void> {
  const { addressBook, outcomes } = await setUp(chain, folders);
  printGuide(chain, addressBook, { ...folders, outcomes });
  await ended;
}

/** Resolves when the user or the system wants the program to end. */
async function waitForEnd(): Promise<void> {
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}

interface Folders {
  readonly folder: string;
  readonly storeFolder: string;
}

async function setUp(
  { network }: LocalChain,
  { folder, storeFolder }: Folders,
): Promise<{ readonly addressBook: AddressBook; readonly outcomes: readonly RowOutcome[] }> {
  const parameters = await readDeploymentParameters(network);
  const { addressBook } = await deployTo(network, { parameters, folder });
  const participants = participantsOf(network.accounts);
  await grantRoles(
    WEGManager__factory.connect(addressBook.contracts.manager.address, participants.admin),
    participants,
  );

  const rows = await readProductRows(join(projectFolder, "examples", "motors.csv"));
  const { manager, registry } = addressBook.contracts;
  const { context } = createPassportClient({
    rpc: network.provider,
    chainId: network.chainId,
    registry: registry.address,
    manager: manager.address,
    store: createDiskStore(storeFolder),
    signer: participants.issuer,
  });
  const progress = createProgressBar("Sample passports", { total: rows.length });
  const { outcomes, interruption } = await issueRows(context, rows, {
    owner: participants.owner.address,
    journal: createMemoryJournal(),
    onOutcome: progress.step,
  }).finally(progress.stop);
  if (interruption !== undefined) throw interruption;
  return { addressBook, outcomes };
}

function printGuide(
  { network, webSocketUrl }: LocalChain,
  { chainId, contracts }: AddressBook,
  { folder, storeFolder, outcomes }: Folders & { readonly outcomes: readonly RowOutcome[] },
): void {
  const deployed = Object.values(contracts).map(({ contract, address }) => [contract, address]);
  console.log(formatTable(deployed, { head: ["contract", "address"] }));
  const accounts = Object.entries(participantsOf(network.accounts)).map(([name, wallet]) => [
    name,
    wallet.address,
    wallet.privateKey,
  ]);
  console.log(formatTable(accounts, { head: ["participant", "account", "private key (development only)"] }));
  console.log(pc.yellow("Everybody knows these keys. Never send anything of worth to these accounts."));
  const issued = outcomes.flatMap((row) => (row.status === "issued" ? [[row.productId, row.passport]] : []));
  console.log(formatTable(issued.slice(0, SHOWN_PASSPORTS), { head: ["product", "passport"] }));
  console.log(`${issued.length} sample motors have passports; examples/motors.csv lists them.

Chain ${chainId}  ${network.rpcUrl}  ${webSocketUrl}
Address book  ${addressBookPath(LOCAL_NETWORK, { folder })}
Documents     ${storeFolder}

Commands find this chain as the network local:
  $ npm run issue -- FILE --network local

Ctrl-C ends the chain and removes the address book.`);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("expected a number from 0 to 65535");
}

await runCommand(command);
// A client that is still connected, or a set-up that was broken off, must not keep the program alive.
process.exit();
