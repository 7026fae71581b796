import { id, toBeHex, toUtf8String } from "ethers";
import { PassportError } from "../errors/passport-error.js";
import { type Address, parseAddress, parseBytes32, parseHex } from "../primitives/hex.js";
import type { PassportClone } from "../signing/passport-clone.js";
import type { RegistrationEvidence } from "./evidence.js";
import { EMPTY_CODE_HASH, type ProvenState } from "./proven-state.js";
import { bitsOfWord, REGISTRY_SLOTS, slotOfValue, slotsOfItems } from "./storage-slots.js";

/** More than a registry will ever list. */
const MAXIMUM_FACTORIES = 1_000n;
/** The registry refuses longer ones. */
const MAXIMUM_NAMESPACE_BYTES = 128n;

/**
 * Proves what the pinned registry, and the chain behind it, say about a passport.
 *
 * @param state - of the chain
 * @param options - the `registry` that is relied on, and what the passport's code says
 * @returns the evidence
 * @throws PassportError `chain.*`, `proof.*`
 */
export async function proveRegistration(
  state: ProvenState,
  { registry, clone }: { readonly registry: Address; readonly clone: PassportClone },
): Promise<RegistrationEvidence> {
  const { passportOf, admissions, factories } = REGISTRY_SLOTS;
  const [factoryCount = 0n, registered = 0n, admission = 0n] = await state.readSlots(registry, [
    factories,
    slotOfValue(passportOf, parseHex(id(clone.productId))),
    slotOfValue(admissions, clone.manager),
  ]);
  // A registry that lists no factory is none of this suite, or has never registered anything.
  if (factoryCount === 0n || factoryCount > MAXIMUM_FACTORIES) throw foreign(registry, "it lists no factories");
  const manufacturerId = bitsOfWord(admission, { first: 0, count: 48 });
  const implementation = await state.readAccount(clone.implementation);
  return {
    registry,
    factories: await proveFactories(state, registry, Number(factoryCount)),
    implementationCodeHash: implementation?.codeHash ?? EMPTY_CODE_HASH,
    registered: registered === 0n ? undefined : addressOfWord(registered),
    namespace: manufacturerId === 0n ? undefined : await proveNamespace(state, registry, manufacturerId),
    manufacturerId,
  };
}

/**
 * Proves which passport the registry has of a product.
 *
 * @param state - of the chain
 * @param options - the `registry` that is relied on, and the productId
 * @returns address of the passport
 * @throws PassportError `passport.not-found` if it is proven that there was none, `chain.*`, `proof.*`
 */
export async function provePassportOf(
  state: ProvenState,
  { registry, productId }: { readonly registry: Address; readonly productId: string },
): Promise<Address> {
  const { passportOf, factories } = REGISTRY_SLOTS;
  const slots = [factories, slotOfValue(passportOf, parseHex(id(productId)))];
  const [factoryCount = 0n, passport = 0n] = await state.readSlots(registry, slots);
  if (factoryCount === 0n) throw foreign(registry, "it lists no factories");
  if (passport === 0n) throw new PassportError("passport.not-found", { productId, registry });
  return addressOfWord(passport);
}

async function proveFactories(
  state: ProvenState,
  registry: Address,
  count: number,
): Promise<RegistrationEvidence["factories"]> {
  const items = await state.readSlots(registry, slotsOfItems(REGISTRY_SLOTS.factories, count));
  const addresses = items.map(addressOfWord);
  const { implementationCodeHashOf } = REGISTRY_SLOTS;
  const hashes = await state.readSlots(
    registry,
    addresses.map((factory) => slotOfValue(implementationCodeHashOf, factory)),
  );
  return addresses.map((factory, index) => ({
    factory,
    recordedCodeHash: parseBytes32(toBeHex(hashes[index] ?? 0n, 32)),
  }));
}

/** Solidity keeps up to 31 bytes of a string in its slot, with twice their number; longer ones elsewhere. */
async function proveNamespace(state: ProvenState, registry: Address, manufacturerId: bigint): Promise<string> {
  const slot = slotOfValue(REGISTRY_SLOTS.namespaceOf, manufacturerId);
  const [word = 0n] = await state.readSlots(registry, [slot]);
  const isLong = (word & 1n) === 1n;
  const length = isLong ? word >> 1n : bitsOfWord(word, { first: 1, count: 7 });
  if (length > MAXIMUM_NAMESPACE_BYTES || (!isLong && length > 31n)) throw foreign(registry, "a namespace is too long");
  const count = isLong ? Math.ceil(Number(length) / 32) : 0;
  const words = isLong ? await state.readSlots(registry, slotsOfItems(slot, count)) : [word];
  const digits = words.map((item) => toBeHex(item, 32).slice(2)).join("");
  try {
    return toUtf8String(`0x${digits.slice(0, 2 * Number(length))}`);
  } catch {
    throw foreign(registry, "a namespace is no text");
  }
}

function addressOfWord(word: bigint): Address {
  return parseAddress(toBeHex(bitsOfWord(word, { first: 0, count: 160 }), 20));
}

function foreign(contract: Address, problem: string): PassportError {
  return new PassportError("proof.layout-foreign", { contract, problem });
}
