import type { Log } from "ethers";
import * as z from "zod";
import { attestationRelayInterface, passportInterface } from "../chain/contract-interfaces.js";
import { findEvents } from "../chain/find-events.js";
import type { ManagerNames } from "../chain/manager-names.js";
import { type PreparedTransaction, prepareTransaction } from "../chain/prepare-transaction.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { type Address, addressSchema, type Bytes32 } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { parseSignedAttestation, type SignedAttestation } from "../signing/signed-message.js";
import { requireAttestationRelay, type WritingContext } from "./context.js";
import { decodeAttested, type RecordedEntry } from "./decode-attested.js";
import { type OpenedMessage, openSigned } from "./open-signed.js";
import { readNamesFor } from "./prepare-entry.js";
import { storeOnceAccepted } from "./store-once-accepted.js";

/** Most attestations of one transaction: with passkeys, whose signatures are the longest, some 50 kilobytes. */
export const MAXIMUM_ATTESTATIONS = 50;

const attestationCountSchema = z.int().min(1).max(MAXIMUM_ATTESTATIONS);

/** An attestation that was recorded. */
export interface SubmittedAttestation {
  readonly passport: Address;
  readonly entry: RecordedEntry;
}

interface OpenedAttestation extends OpenedMessage<"Attestation"> {
  readonly signed: SignedAttestation;
}

/** Which item the relay could not hand on, as its error says it. */
const refusalSchema = z.object({ arguments: z.object({ passport: addressSchema }) });

/**
 * Prepares entries that others have signed, of one passport or of many, in one transaction: all or none, in their order.
 * Documents that came along are stored once the passports would accept all entries, before anything is sent.
 *
 * @param context - what writing actions work on, with an attestation relay; its signer only pays
 * @param options - `signed`: 1 to 50 of what `signAttestation` returned, through whatever it has travelled
 * @returns the prepared transaction; its result are the entries in the order of the attestations
 * @throws PassportError `attestation.item-refused` with the first one that cannot be submitted, and
 *   `contract.attestation-relay-item-refused` with the first one that its passport refuses: both with `index` in the
 *   details, from 0, and why as the cause; `input.invalid`, `document.*`, `store.unreachable`, `chain.*`
 *
 * @example
 * ```ts
 * const prepared = await submitAttestations(context, { signed: [inspection, maintenance] });
 * const { result } = await prepared.send();
 * console.log(result.map(({ passport, entry }) => `${passport} has entry ${entry.sequence}`));
 * ```
 */
export async function submitAttestations(
  context: WritingContext,
  options: { readonly signed: readonly unknown[] },
): Promise<PreparedTransaction<readonly SubmittedAttestation[]>> {
  const relay = requireAttestationRelay(context);
  const { signed } = options;
  parseInput(attestationCountSchema, signed.length, { field: "number of attestations" });
  const count = signed.length;
  const opened = await Promise.all(signed.map((item, index) => openItem(context, item, { index, count })));
  const items = opened.map(({ message, signed: { passport, signature, signer } }) => ({
    passport,
    attestation: message,
    signer,
    signature,
  }));
  const prepared = prepareTransaction(context, {
    to: relay,
    data: attestationRelayInterface.encodeFunctionData("submitMany", [items]),
    decode: (logs, transactionHash) => findSubmitted(logs, { opened, transactionHash }),
    names: (refusal) => readNamesOfRefused(context, refusal),
  });
  return storeOnceAccepted(context, { prepared, documents: opened.map(({ document }) => document) });
}

async function openItem(
  context: WritingContext,
  item: unknown,
  { index, count }: { readonly index: number; readonly count: number },
): Promise<OpenedAttestation> {
  try {
    const signed = parseSignedAttestation(item);
    return { signed, ...(await openSigned(context, signed)) };
  } catch (error) {
    // An endpoint that does not answer says nothing about the attestation.
    if (!isPassportError(error) || error.code === "chain.unreachable") throw error;
    const details = { index, position: index + 1, count, problem: error.message };
    throw new PassportError("attestation.item-refused", details, { cause: error });
  }
}

/**
 * Reads the names of the manager whose passport the relay could not hand on to.
 *
 * @param context - `provider`
 * @param refusal - the relay's
 * @returns roles and conditions by their bits
 * @throws PassportError `chain.*`
 */
export async function readNamesOfRefused(
  context: Pick<WritingContext, "provider">,
  { details }: PassportError,
): Promise<ManagerNames> {
  return await readNamesFor(context, refusalSchema.parse(details).arguments);
}

/** What was attested, and to which passport. */
export interface AttestedMessage {
  readonly signed: Pick<SignedAttestation, "passport">;
  readonly message: Pick<OpenedAttestation["message"], "attester" | "document">;
}

/**
 * Finds the entries that a transaction of the relay recorded. The relay hands on in order, so the entries of one passport
 * come in the order of its attestations.
 *
 * @param logs - of its receipt
 * @param options - `opened`: what was submitted; `transactionHash`: for the error
 * @returns the entries in the order of the attestations
 * @throws PassportError `contract.event-missing`
 */
export function findSubmitted(
  logs: readonly Log[],
  options: { readonly opened: readonly AttestedMessage[]; readonly transactionHash: Bytes32 },
): readonly SubmittedAttestation[] {
  const { opened, transactionHash } = options;
  const isTaken = new Set<number>();
  return opened.map(({ message, signed: { passport } }) => {
    const entry = findEvents(logs, { address: passport, contract: passportInterface, event: "Attested" })
      .flatMap(({ log }) => decodeAttested(log) ?? [])
      .find(
        ({ attester, document, logIndex }) =>
          attester === message.attester && document === message.document && !isTaken.has(logIndex),
      );
    if (entry === undefined) {
      throw new PassportError("contract.event-missing", { transactionHash, event: "Attested", address: passport });
    }
    isTaken.add(entry.logIndex);
    return { passport, entry };
  });
}
