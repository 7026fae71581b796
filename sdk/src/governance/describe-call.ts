import { type Interface, type ParamType, Result, type TransactionDescription } from "ethers";
import { argumentInWords } from "../chain/argument-in-words.js";
import { registryInterface, timelockInterface, wegManagerInterface } from "../chain/contract-interfaces.js";
import type { ManagerNames } from "../chain/manager-names.js";
import type { Call } from "../chain/prepare-transaction.js";
import type { ReadingContext } from "../passport/context.js";
import { readAdmission } from "../passport/read-admission.js";
import { readManagerNames } from "../passport/read-manager-names.js";
import type { Address } from "../primitives/hex.js";
import { callsInWords, type GovernedContract } from "./calls-in-words.js";
import { readAdministrativeRoles } from "./read-administrative-roles.js";

/** What a call will change. */
export interface CallDescription {
  readonly call: Call;
  /** Which contract of the suite is called; undefined for any other one. */
  readonly contract: GovernedContract | undefined;
  /** Signature of the function; undefined if it is none that can be described. */
  readonly signature: string | undefined;
  /** One sentence. */
  readonly inWords: string;
}

const INTERFACES: Readonly<Record<GovernedContract, Interface>> = {
  registry: registryInterface,
  manager: wegManagerInterface,
  timelock: timelockInterface,
};

const NO_END = 2n ** 40n - 1n;

/**
 * Says in words what a call will change. Which contract is called is found out from the pinned registry, never taken from
 * the call: the same bytes mean nothing when they are sent elsewhere, and the sentence says so.
 *
 * @param context - `provider`, `registry`
 * @param call - of whatever origin
 * @returns the sentence, with names, units and times
 * @throws PassportError `chain.*`
 */
export async function describeCall(
  context: Pick<ReadingContext, "provider" | "registry">,
  call: Call,
): Promise<CallDescription> {
  const contract = await contractAt(context, call.to);
  const parsed = contract === undefined ? undefined : parseCall(call, contract);
  const template = contract === undefined || parsed === undefined ? undefined : templateOf(contract, parsed);
  const value = call.valueWei === 0n ? "" : ` It also sends ${call.valueWei} wei.`;
  if (contract === undefined || parsed === undefined || template === undefined) {
    const whose = contract === undefined ? "a contract that is none of this registry's" : `the ${contract}`;
    const inWords = `${call.to}, ${whose}, is called with data that cannot be put into words: ${call.data}.${value}`;
    return { call, contract, signature: undefined, inWords };
  }
  const names = contract === "manager" ? await readManagerNames(context, { manager: call.to }) : undefined;
  const words = fill(template, parsed, names);
  return { call, contract, signature: parsed.signature, inWords: `The ${contract} ${call.to} ${words}.${value}` };
}

/** A timelock is what has an administrative role in the registry; a manager is what the registry has admitted. */
async function contractAt(
  context: Pick<ReadingContext, "provider" | "registry">,
  address: Address,
): Promise<GovernedContract | undefined> {
  if (address === context.registry) return "registry";
  if ((await readAdmission(context, { manager: address })) !== undefined) return "manager";
  const administrativeRoles = await readAdministrativeRoles(context, { account: address });
  return administrativeRoles.length > 0 ? "timelock" : undefined;
}

/** Nothing if the data is not exactly what the function's arguments encode to: what stands behind them has no words. */
function parseCall({ data }: Call, contract: GovernedContract): TransactionDescription | undefined {
  const contractInterface = INTERFACES[contract];
  try {
    const parsed = contractInterface.parseTransaction({ data });
    if (parsed === null) return undefined;
    return contractInterface.encodeFunctionData(parsed.fragment, parsed.args) === data ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function templateOf(contract: GovernedContract, { name }: TransactionDescription): string | undefined {
  return new Map<string, string>(Object.entries(callsInWords[contract])).get(name);
}

function fill(template: string, { args, fragment }: TransactionDescription, names: ManagerNames | undefined): string {
  const words = new Map(
    fragment.inputs.map((input, index) => [input.name, wordsOf(args[index], { input, names })] as const),
  );
  return template.replace(/\{(\w+)\}/g, (_, name: string) => words.get(name) ?? "");
}

function wordsOf(
  value: unknown,
  options: { readonly input: ParamType; readonly names: ManagerNames | undefined },
): string {
  const { input, names } = options;
  if (value instanceof Result && input.components !== null) {
    const fields = input.components.map((field, index) => {
      return `${field.name} ${wordsOf(value[index], { input: field, names })}`;
    });
    return fields.join("; ");
  }
  if (value === NO_END) return "the end of time";
  return visible(String(argumentInWords(value, { name: input.name, names })));
}

/** Text of a call could otherwise break the line, or turn its direction. */
function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
