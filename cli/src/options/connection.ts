import { join } from "node:path";
import {
  type Address,
  type AddressBook,
  createProvider,
  PassportError,
  parseAddress,
  readChainId,
} from "@digital-product-passport/sdk";
import { readAddressBook } from "@digital-product-passport/sdk/node";
import { type Command, Option } from "commander";
import type { JsonRpcProvider } from "ethers";
import { parseWholeNumber } from "./whole-number.js";

/** Options that say which address book is used. */
export interface AddressBookOptions {
  readonly network: string;
  readonly deployments: string;
}

/** Options that say where the chain and the contracts are. */
export interface ConnectionOptions extends AddressBookOptions {
  readonly rpc?: string;
  readonly registry?: string;
  readonly manager?: string;
  readonly chainId?: bigint;
}

/** A chain and what is relied on there. */
export interface Connection {
  readonly provider: JsonRpcProvider;
  /** May contain the key of an API: show its origin only. */
  readonly rpcUrl: string;
  readonly chainId: bigint;
  readonly registry: Address;
  readonly manager: Address | undefined;
  /** Undefined if the registry was given by its address. */
  readonly addressBook: AddressBook | undefined;
  readonly [Symbol.dispose]: () => void;
}

/**
 * Adds the options that say which address book is used.
 *
 * @param command - a command that needs the address of a contract
 * @returns the same command
 */
export function withAddressBook(command: Command): Command {
  return command
    .option("--network <name>", "network whose address book is used", "local")
    .option("--deployments <folder>", "where the address books lie", "deployments");
}

/**
 * Adds the options that say where the chain and the contracts are.
 *
 * @param command - a command that asks the chain
 * @returns the same command
 */
export function withConnection(command: Command): Command {
  return withAddressBook(command)
    .addOption(
      new Option("--rpc <url>", "endpoint of the chain; that of the address book if left out").env("PASSPORT_RPC_URL"),
    )
    .option("--registry <address>", "rely on this registry, without an address book")
    .option("--manager <address>", "manager of the manufacturer, with --registry")
    .option("--chain-id <number>", "the chain that the endpoint must serve, with --registry", parseWholeNumber);
}

/**
 * Finds out where the chain and the contracts are. Sends at most one request, for the chain id where nothing pins it.
 *
 * @param options - of the command line
 * @returns the connection; dispose of it
 * @throws PassportError `input.invalid`, `chain.unreachable`
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const known = options.registry === undefined ? await fromAddressBook(options) : await fromOptions(options);
  const provider = createProvider(known.rpcUrl, { chainId: known.chainId });
  return { ...known, provider, [Symbol.dispose]: () => provider.destroy() };
}

/**
 * Finds out what a verification without a network has to rely on.
 *
 * @param options - of the command line
 * @returns chain id and registry, of the address book or of the options
 * @throws PassportError `input.invalid`
 */
export async function findPins(
  options: ConnectionOptions,
): Promise<{ readonly chainId: bigint; readonly registry: Address }> {
  const { chainId, registry } = options;
  if (registry === undefined) {
    const { chainId: known, contracts } = await requireAddressBook(options);
    return { chainId: known, registry: contracts.registry.address };
  }
  if (chainId !== undefined) return { chainId, registry: parseAddress(registry, { field: "--registry" }) };
  const problem = "with --registry, and without a network to ask, the chain is needed";
  throw new PassportError("input.invalid", { field: "--chain-id", problem, value: undefined });
}

type Whereabouts = Omit<Connection, "provider" | typeof Symbol.dispose>;

async function fromOptions(options: ConnectionOptions): Promise<Whereabouts> {
  const { rpc, registry, manager } = options;
  if (rpc === undefined) {
    throw new PassportError("input.invalid", {
      field: "--rpc",
      problem: "with --registry, the endpoint of its chain is needed",
      value: undefined,
    });
  }
  return {
    rpcUrl: rpc,
    chainId: options.chainId ?? (await askChainId(rpc)),
    registry: parseAddress(registry, { field: "--registry" }),
    manager: manager === undefined ? undefined : parseAddress(manager, { field: "--manager" }),
    addressBook: undefined,
  };
}

async function askChainId(rpc: string): Promise<bigint> {
  // The provider has to be told a chain; it is asked nothing but which one it serves.
  const provider = createProvider(rpc, { chainId: 1n });
  try {
    return await readChainId(provider);
  } finally {
    provider.destroy();
  }
}

async function fromAddressBook(options: ConnectionOptions): Promise<Whereabouts> {
  const { network, rpc } = options;
  const addressBook = await requireAddressBook(options);
  const { chainId, contracts } = addressBook;
  const rpcUrl = rpc ?? addressBook.rpcUrl;
  if (rpcUrl === undefined) {
    throw new PassportError("input.invalid", {
      field: "--rpc",
      problem: `the endpoint of a public network is your own choice: pass one of ${network}`,
      value: undefined,
    });
  }
  return { rpcUrl, chainId, registry: contracts.registry.address, manager: contracts.manager.address, addressBook };
}

/**
 * Reads the address book of a network.
 *
 * @param options - of the command line
 * @returns the address book
 * @throws PassportError `input.invalid`
 */
export async function requireAddressBook({ deployments, network }: AddressBookOptions): Promise<AddressBook> {
  const path = join(deployments, `${network}.json`);
  const addressBook = await readAddressBook(path);
  if (addressBook !== undefined) return addressBook;
  const problem =
    "there is no such address book: npm run dev or npm run deploy makes one, --deployments says where they lie";
  throw new PassportError("input.invalid", { field: "address book", problem, value: path });
}
