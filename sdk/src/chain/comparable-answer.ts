import { isCallException } from "ethers";
import { isPassportError } from "../errors/passport-error.js";
import { chainErrorOf } from "./chain-error-of.js";
import { managerInterface, passportInterface, registryInterface } from "./contract-interfaces.js";

/** A question as JSON-RPC has it. */
export interface NodeQuestion {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** An answer in a form in which it equals that of every honest node, and in words. */
export interface ComparableAnswer {
  readonly key: string;
  readonly inWords: string;
}

/** What nodes add for people differs; these fields of a log and of a block do not. */
const LOG_FIELDS = ["address", "topics", "data", "blockNumber", "blockHash", "transactionHash", "logIndex"] as const;
const BLOCK_FIELDS = ["number", "hash", "parentHash", "timestamp"] as const;

const LONGEST_SHOWN = 42;

/**
 * Brings an answer into a form in which it equals that of every honest node.
 *
 * @param question - what was asked
 * @param answer - what a node answered
 * @returns the form
 */
export function comparableAnswer({ method }: NodeQuestion, answer: unknown): ComparableAnswer {
  if (method === "eth_getLogs" && Array.isArray(answer)) {
    const logs = answer.map((log: unknown) => project(log, LOG_FIELDS)).sort();
    return { key: JSON.stringify(logs), inWords: `${logs.length} logs` };
  }
  if (method.startsWith("eth_getBlockBy")) {
    const key = project(answer, BLOCK_FIELDS);
    return { key, inWords: shorten(String(fieldOf(answer, "hash") ?? answer)) };
  }
  const key = JSON.stringify(answer)?.toLowerCase() ?? "undefined";
  return { key, inWords: shorten(key) };
}

/**
 * Brings a failure into a form in which it equals that of every honest node, if it is an answer at all: that a contract
 * refuses a call is one, that a node is away is none.
 *
 * @param error - what was caught
 * @param options - `endpoint`: the node, as errors may name it
 * @returns the form; undefined: the node did not answer
 */
export function comparableRefusal(
  error: unknown,
  options: { readonly endpoint: string },
): ComparableAnswer | undefined {
  const explained = chainErrorOf(error, options);
  if (!isPassportError(explained) || !explained.code.startsWith("contract.")) return undefined;
  // Nodes word it differently; what the contract itself returned is the same everywhere.
  const data = isCallException(error) ? error.data : null;
  return { key: `refused ${data ?? ""}`, inWords: "that the contract refuses the call" };
}

/**
 * Says what was asked.
 *
 * @param question - as JSON-RPC has it
 * @returns such as `condition() of 0x...`
 */
export function questionInWords({ method, params }: NodeQuestion): string {
  const [first] = params;
  const to = fieldOf(first, "to") ?? fieldOf(first, "address") ?? first;
  if (method !== "eth_call") return typeof to === "string" ? `${method} of ${shorten(to)}` : method;
  const selector = String(fieldOf(first, "data") ?? "").slice(0, 10);
  const name = [passportInterface, managerInterface, registryInterface]
    .map((contract) => contract.fragments.find((one) => "selector" in one && one.selector === selector))
    .find((fragment) => fragment !== undefined);
  const called = name !== undefined && "name" in name ? `${String(name.name)}()` : selector;
  return `${called} of ${String(to)}`;
}

function project(value: unknown, fields: readonly string[]): string {
  return JSON.stringify(fields.map((field) => fieldOf(value, field) ?? null)).toLowerCase();
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
}

/** Long hex by its beginning and end, without the zeros in front. */
function shorten(text: string): string {
  const trimmed = text.replace(/^"|"$/g, "").replace(/^0x0+(?=[0-9a-f])/i, "0x");
  return trimmed.length <= LONGEST_SHOWN ? trimmed : `${trimmed.slice(0, 12)}...${trimmed.slice(-8)}`;
}
