import {
  type Call,
  callsInWords,
  eventTypeOf,
  type GovernedContract,
  PassportError,
  PassportRegistry__factory,
  parseAddress,
  parseBytes32,
  parseHex,
  TimelockController__factory,
  WEGManager__factory,
} from "@digital-product-passport/sdk";
import { type Interface, id, type ParamType, ZeroHash } from "ethers";
import type { Connection } from "./connection.js";
import { parseMoment } from "./moment.js";

/** Contracts by the names that they have on the command line. */
export const CONTRACT_NAMES = ["registry", "manager", "admission-timelock", "listing-timelock"] as const;

/** A contract that is administered, by its name on the command line. */
export type ContractName = (typeof CONTRACT_NAMES)[number];

const INTERFACES: Readonly<Record<GovernedContract, Interface>> = {
  registry: PassportRegistry__factory.createInterface(),
  manager: WEGManager__factory.createInterface(),
  timelock: TimelockController__factory.createInterface(),
};

/** What a user wants called. */
export interface AdministrativeCallOptions {
  readonly name: string;
  /** As he typed them. */
  readonly given: readonly string[];
  /** Where; the only contract that has such a function if left out. */
  readonly on?: ContractName | undefined;
}

/**
 * Makes the call of an administrative function.
 *
 * @param connection - where the contracts are
 * @param options - function, arguments and contract
 * @returns the call, and the contract's name
 * @throws PassportError `input.invalid`
 */
export function administrativeCall(
  connection: Connection,
  options: AdministrativeCallOptions,
): { readonly call: Call; readonly on: ContractName } {
  const { given, name } = options;
  const on = options.on ?? onlyContractWith(name);
  const contract = kindOf(on);
  const fragment = INTERFACES[contract].fragments.find((candidate) => "name" in candidate && candidate.name === name);
  if (fragment === undefined || !Object.hasOwn(callsInWords[contract], name)) {
    throw invalid("function", `the ${contract} has ${Object.keys(callsInWords[contract]).join(", ")}`, name);
  }
  const { inputs } = fragment;
  if (inputs.length !== given.length) {
    const expected = inputs.map((input) => `<${input.name}>`).join(" ");
    throw invalid(`arguments of ${name}`, `expected ${expected === "" ? "none" : expected}`, given.join(" "));
  }
  const values = inputs.map((input, index) => parseArgument(given[index] ?? "", input));
  return { call: { to: addressOf(connection, on), data: encode(contract, name, values), valueWei: 0n }, on };
}

/**
 * The address of a contract of the deployment.
 *
 * @param connection - with an address book, or with registry and manager given
 * @param on - its name on the command line
 * @returns its address
 * @throws PassportError `input.invalid`
 */
export function addressOf({ addressBook, manager, registry }: Connection, on: ContractName): Call["to"] {
  const known = {
    registry,
    manager,
    "admission-timelock": addressBook?.contracts.admissionTimelock?.address,
    "listing-timelock": addressBook?.contracts.listingTimelock?.address,
  }[on];
  if (known !== undefined) return known;
  throw invalid(on, "this network's address book does not name it", undefined);
}

function onlyContractWith(name: string): ContractName {
  const found = (["registry", "manager"] as const).filter((contract) => Object.hasOwn(callsInWords[contract], name));
  const [contract] = found;
  if (contract !== undefined && found.length === 1) return contract;
  const problem =
    found.length > 1 ? "several contracts have this function; say which" : "no function of registry or manager";
  throw invalid(found.length > 1 ? "--on" : "function", problem, name);
}

function kindOf(on: ContractName): GovernedContract {
  return on === "registry" || on === "manager" ? on : "timelock";
}

function parseArgument(text: string, { name, type }: ParamType): unknown {
  switch (true) {
    case type === "address":
      return parseAddress(text, { field: name });
    case name === "eventType":
      return eventTypeOf(text);
    case name === "role":
      return text === "DEFAULT_ADMIN_ROLE" ? ZeroHash : id(text);
    case type === "bytes32":
      return parseBytes32(text, { field: name });
    case type === "bytes":
      return parseHex(text, { field: name });
    case type === "bool" && /^(true|false)$/.test(text):
      return text === "true";
    case /^u?int/.test(type) && /^\d{1,78}$/.test(text):
      return BigInt(text);
    case /^(until|since|valid(From|Until))$/.test(name):
      return parseTime(text, name);
    case type === "string":
      return text;
    default:
      throw invalid(name, `expected ${type}`, text);
  }
}

function encode(contract: GovernedContract, name: string, values: readonly unknown[]): Call["data"] {
  try {
    return parseHex(INTERFACES[contract].encodeFunctionData(name, values));
  } catch (error) {
    // A number that its type cannot hold, or a structure, which no single word of a command line is.
    const problem = error instanceof Error ? error.message : String(error);
    throw invalid(`arguments of ${name}`, problem, values);
  }
}

function parseTime(text: string, name: string): bigint {
  try {
    return parseMoment(text);
  } catch (error) {
    throw invalid(name, error instanceof Error ? error.message : "expected a time", text);
  }
}

function invalid(field: string, problem: string, value: unknown): PassportError {
  return new PassportError("input.invalid", { field, problem, value });
}
