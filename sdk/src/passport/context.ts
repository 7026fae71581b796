import type { Provider, Signer } from "ethers";
import * as z from "zod";
import type { DocumentStore } from "../document/stores/document-store.js";
import { PassportError } from "../errors/passport-error.js";
import { type Address, parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { type Attester, accountAttester } from "../signing/attester.js";

/** What reading actions work on. */
export interface ReadingContext {
  readonly provider: Provider;
  readonly chainId: bigint;
  /** The registry that is trusted to name factories and passports. */
  readonly registry: Address;
  /** The contract that batches of readings are anchored at. */
  readonly readingsAnchor?: Address | undefined;
  /** Where documents are; without one, only what is on chain can be read. */
  readonly store?: DocumentStore | undefined;
  /** Returns the present time in Unix seconds. */
  readonly clock: () => bigint;
}

/** What writing actions work on. */
export interface WritingContext extends ReadingContext {
  /** The manufacturer's contract; issuing and administration need it. */
  readonly manager?: Address | undefined;
  /** The contract that submits many signed attestations at once. */
  readonly attestationRelay?: Address | undefined;
  /** Who sends transactions and pays for them. */
  readonly signer?: Signer | undefined;
  /** Who signs attestations, offers and acceptances; the signer's account if left out. */
  readonly attester?: Attester | undefined;
  /** Returns that many random bytes. */
  readonly randomBytes: (length: number) => Uint8Array;
}

/** Last second that the contracts can hold: 40 bits of it. */
const LAST_SECOND = 2n ** 40n - 1n;

const unixSecondsSchema = z.bigint().min(0n).max(LAST_SECOND);

/**
 * Parses a time as the contracts hold it.
 *
 * @param value - from outside
 * @param options - `field`: its name in an error
 * @returns Unix seconds
 * @throws PassportError `input.invalid`
 */
export function parseUnixSeconds(value: unknown, options: { readonly field: string }): bigint {
  return parseInput(unixSecondsSchema, value, options);
}

/**
 * The manager of the context.
 *
 * @param context - with or without a manager
 * @returns its address
 * @throws PassportError `input.invalid`
 */
export function requireManager(context: Pick<WritingContext, "manager">): Address {
  if (context.manager !== undefined) return context.manager;
  throw new PassportError("input.invalid", {
    field: "manager",
    problem: "this action needs the address of the manufacturer's manager",
    value: undefined,
  });
}

/**
 * The attestation relay of the context.
 *
 * @param context - with or without a relay
 * @returns its address
 * @throws PassportError `input.invalid`
 */
export function requireAttestationRelay(context: Pick<WritingContext, "attestationRelay">): Address {
  if (context.attestationRelay !== undefined) return context.attestationRelay;
  throw new PassportError("input.invalid", {
    field: "attestationRelay",
    problem: "this action needs the address of the attestation relay",
    value: undefined,
  });
}

/**
 * The readings anchor of the context.
 *
 * @param context - with or without one
 * @returns its address
 * @throws PassportError `input.invalid`
 */
export function requireReadingsAnchor(context: Pick<ReadingContext, "readingsAnchor">): Address {
  if (context.readingsAnchor !== undefined) return context.readingsAnchor;
  throw new PassportError("input.invalid", {
    field: "readingsAnchor",
    problem: "this action needs the address of the readings anchor",
    value: undefined,
  });
}

/**
 * The account that sends a transaction, and so states what it records.
 *
 * @param context - with a signer, or with the attester in whose name somebody else will send
 * @returns its address
 * @throws PassportError `signer.missing`
 */
export async function requireSender(context: Pick<WritingContext, "signer" | "attester">): Promise<Address> {
  const address = await context.signer?.getAddress();
  if (address !== undefined) return parseAddress(address, { field: "signer" });
  if (context.attester !== undefined) return context.attester.address;
  throw new PassportError("signer.missing", { action: "record something" });
}

/**
 * The signer of the context.
 *
 * @param context - with or without a signer
 * @param options - `action`: what he is needed for
 * @returns the signer
 * @throws PassportError `signer.missing`
 */
export function requireSigner(
  { signer }: Pick<WritingContext, "signer">,
  { action }: { readonly action: string },
): Signer {
  if (signer !== undefined) return signer;
  throw new PassportError("signer.missing", { action });
}

/**
 * Who signs.
 *
 * @param context - with an attester or a signer
 * @returns the attester; the signer's account if none is given
 * @throws PassportError `signer.missing`, `signer.refused`
 */
export async function requireAttester(context: Pick<WritingContext, "signer" | "attester">): Promise<Attester> {
  if (context.attester !== undefined) return context.attester;
  if (context.signer !== undefined) return accountAttester(context.signer);
  throw new PassportError("signer.missing", { action: "sign" });
}
