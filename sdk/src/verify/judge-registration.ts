import { isPassportError } from "../errors/passport-error.js";
import { parseProductId } from "../identifier/parse-product-id.js";
import type { Address, Bytes32 } from "../primitives/hex.js";
import { type PassportClone, parseCloneCode, predictPassportAddress } from "../signing/passport-clone.js";
import type { ListedFactory, PassportEvidence, RegistrationEvidence } from "./evidence.js";
import { type Verdict, verdictOf, verdictOnMissing } from "./verdict.js";

/** Who made the passport, and from what. */
export interface RegistrationDetails extends PassportClone {
  readonly factory: Address;
  readonly registry: Address;
  /** Number of the manufacturer in the registry. */
  readonly manufacturerId: bigint;
  /** Namespace that is the manufacturer's own. */
  readonly namespace: string;
}

/** What the caller expects. */
export interface RegistrationExpectation {
  /** The product in front of the caller, if he knows it. */
  readonly productId?: string | undefined;
  /** Hash of the code that passports must run, if the caller has it from elsewhere. */
  readonly implementationCodeHash?: Bytes32 | undefined;
}

/**
 * Judges whether a contract is the registered passport of its product, and runs the code that it must run. Nothing of
 * what the contract says of itself is believed: its code says what it was made of, and only the registry's own
 * factories can have put such code at that address.
 *
 * @param evidence - the passport's code, and what the pinned registry says
 * @param expectation - the product and the code that the caller expects
 * @returns the verdict
 */
export function judgeRegistration(
  evidence: Pick<PassportEvidence, "passport" | "code" | "registration">,
  expectation: RegistrationExpectation = {},
): Verdict<RegistrationDetails> {
  const { passport, code, registration } = evidence;
  const clone = parseCloneCode(code);
  if (code.length === 2) return verdictOf("registration.no-passport", { passport });
  if (clone === undefined) return verdictOf("registration.code-foreign", { passport });
  if (registration === undefined) return verdictOf("registration.registry-not-pinned", {}, clone);
  if (registration.status === "missing") return verdictOnMissing(registration, clone);
  const maker = findMaker(passport, clone, registration.value.factories);
  if (maker === undefined) return verdictOf("registration.factory-foreign", { passport }, clone);
  return (
    judgeIdentifier(clone, expectation) ??
    judgeImplementation(clone, maker, registration.value, expectation) ??
    judgeEntryInRegistry(passport, clone, maker, registration.value)
  );
}

type Judgement = Verdict<RegistrationDetails>;

/** The factory that alone can have put this code, and with it this implementation, at this address. */
function findMaker(
  passport: Address,
  clone: PassportClone,
  factories: readonly ListedFactory[],
): ListedFactory | undefined {
  return factories.find(({ factory }) => predictPassportAddress({ ...clone, factory }) === passport);
}

function judgeIdentifier(clone: PassportClone, { productId }: RegistrationExpectation): Judgement | undefined {
  try {
    parseProductId(clone.productId);
  } catch (error) {
    if (!isPassportError(error)) throw error;
    return verdictOf("registration.identifier-invalid", { problem: error.message }, clone);
  }
  if (productId === undefined || productId === clone.productId) return undefined;
  return verdictOf("registration.other-product", { actual: clone.productId, expected: productId }, clone);
}

function judgeImplementation(
  clone: PassportClone,
  { factory, recordedCodeHash }: ListedFactory,
  { implementationCodeHash: actual }: RegistrationEvidence,
  { implementationCodeHash: expected }: RegistrationExpectation,
): Judgement | undefined {
  if (actual !== recordedCodeHash) return verdictOf("registration.implementation-changed", { factory }, clone);
  if (expected === undefined || expected === actual) return undefined;
  return verdictOf("registration.implementation-foreign", { actual, expected }, clone);
}

function judgeEntryInRegistry(
  passport: Address,
  clone: PassportClone,
  { factory }: ListedFactory,
  { registry, registered, manufacturerId, namespace }: RegistrationEvidence,
): Judgement {
  const { productId, manager } = clone;
  if (registered === undefined) return verdictOf("registration.not-issued", { registry, productId }, clone);
  if (registered !== passport) return verdictOf("registration.other-passport", { registered, productId }, clone);
  if (namespace === undefined) return verdictOf("registration.manager-foreign", { manager }, clone);
  const details = { ...clone, factory, registry, manufacturerId, namespace };
  return productId.startsWith(namespace)
    ? verdictOf("registration.proven", { productId, factory, namespace }, details)
    : verdictOf("registration.namespace-foreign", { productId, namespace }, details);
}
