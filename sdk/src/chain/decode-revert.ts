import { type ErrorDescription, Interface, isHexString } from "ethers";
import {
  AttestationRelay__factory,
  DigitalPassport__factory,
  DigitalPassportFactory__factory,
  IManufacturerManager__factory,
  PassportRegistry__factory,
  ReadingsAnchor__factory,
  TimelockController__factory,
  WEGManager__factory,
} from "../contracts/index.js";
import { contractErrors } from "../errors/contract-errors.js";
import { PassportError } from "../errors/passport-error.js";
import { argumentInWords } from "./argument-in-words.js";
import type { ManagerNames } from "./manager-names.js";

/** Every error that a contract of the suite, or OpenZeppelin's beneath it, reverts with. */
export const suiteErrors = new Interface(
  [
    ...AttestationRelay__factory.abi,
    ...DigitalPassport__factory.abi,
    ...DigitalPassportFactory__factory.abi,
    ...IManufacturerManager__factory.abi,
    ...PassportRegistry__factory.abi,
    ...ReadingsAnchor__factory.abi,
    ...TimelockController__factory.abi,
    ...WEGManager__factory.abi,
  ].filter(({ type }) => type === "error"),
);

/** The relay's error, which holds what a passport reverted with. */
const ITEM_REFUSED = "AttestationRelayItemRefused";

/**
 * Says in words why a contract refused a call. The reason is found wherever a node or a library has put its bytes.
 *
 * @param error - what was caught
 * @param options - `names`: those of the manager, for roles and conditions in words
 * @returns `contract.*` with the arguments in words, and as they came in `details.arguments`; `contract.reverted` for an
 *   error that is none of the suite's; undefined if no contract refused anything. What a passport refused behind a relay
 *   is the cause of the relay's error
 */
export function decodeRevert(
  error: unknown,
  options: { readonly names?: ManagerNames | undefined } = {},
): PassportError | undefined {
  const data = findRevertData(error);
  if (data === undefined) return undefined;
  const description = parseRevert(data);
  if (description?.name !== ITEM_REFUSED) return explain(data, { names: options.names, cause: error });
  // One level only: what a hostile contract nests deeper is no reason of a passport.
  const reason = explain(String(description.args["reason"]), { names: options.names, cause: error });
  const { index, passport } = description.args.toObject();
  const details = { index, passport, reason: reason.message, ...rawDetails(description) };
  return new PassportError("contract.attestation-relay-item-refused", details, { cause: reason });
}

/** Says in words what the bytes of a revert mean. */
function explain(
  data: string,
  { names, cause }: { readonly names: ManagerNames | undefined; readonly cause: unknown },
): PassportError {
  const description = parseRevert(data);
  if (description === null) return reverted(data === "0x" ? "it gave no reason" : `unknown error ${data}`, cause);
  const code = contractErrorCode(description.name);
  if (code === undefined) return reverted(describe(description), cause);
  const details = { ...argumentsInWords(description, names), ...rawDetails(description) };
  // Safety: the catalogue names only arguments of the contract's error; a test compares the two.
  return new PassportError(code, details as never, { cause });
}

function rawDetails({ name, args }: ErrorDescription) {
  return { error: name, arguments: args.toObject() };
}

/**
 * The code of a contract's error in the catalogue.
 *
 * @param name - such as `DigitalPassportNotOwner`
 * @returns such as `contract.digital-passport-not-owner`; undefined for an error that users of the suite do not meet
 */
export function contractErrorCode(name: string): keyof typeof contractErrors | undefined {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").replace(/([A-Z])([A-Z][a-z])/g, "$1-$2");
  const code = `contract.${words.toLowerCase()}`;
  // Safety: the keys of an object literal are all there is.
  return code in contractErrors ? (code as keyof typeof contractErrors) : undefined;
}

/** Nodes and libraries nest the bytes differently; calldata stands under other keys and is not taken for them. */
function findRevertData(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if ("data" in value && isHexString(value.data)) return value.data;
  for (const key of ["data", "info", "error", "cause", "originalError"] as const) {
    const found = key in value ? findRevertData(Reflect.get(value, key)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function parseRevert(data: string): ErrorDescription | null {
  try {
    const description = suiteErrors.parseError(data);
    // Ethers complains of an argument only when it is read: an address of more than 20 bytes, text that is no UTF-8.
    description?.args.toArray();
    return description;
  } catch {
    // The selector of a known error with other bytes behind it: not ours.
    return null;
  }
}

function reverted(problem: string, cause: unknown): PassportError {
  return new PassportError("contract.reverted", { problem }, { cause });
}

/** Solidity's own `Error(string)` says its reason itself. */
function describe({ name, args }: ErrorDescription): string {
  return name === "Error" ? String(args[0]) : `${name}(${args.join(", ")})`;
}

function argumentsInWords(
  { args, fragment }: ErrorDescription,
  names: ManagerNames | undefined,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fragment.inputs.map(({ name }, index) => [name, argumentInWords(args[index], { name, names })] as const),
  );
}
