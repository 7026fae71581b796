import { PassportError } from "../errors/passport-error.js";
import type { Address, Bytes32 } from "../primitives/hex.js";
import { parseSignedAttestation, type SignedAttestation, typedDataOfSigned } from "../signing/signed-message.js";
import { isOutage } from "../submit/persist.js";
import { type Intake, submitAll } from "../submit/submit-all.js";
import { attestationKind } from "./attestation-kind.js";
import { requireSigner, type WritingContext } from "./context.js";
import type { RecordedEntry } from "./decode-attested.js";
import type { SubmitManyOptions } from "./issue-many.js";
import { openSigned } from "./open-signed.js";
import type { SubmittedAttestation } from "./submit-attestations.js";

/** What became of a signed attestation. */
export type AttestationOutcome = {
  /** Place in the items, from 0. */
  readonly position: number;
} & (
  | {
      readonly status: "recorded";
      readonly passport: Address;
      readonly entry: RecordedEntry;
      readonly transactionHash: Bytes32;
    }
  | { readonly status: "refused"; readonly error: PassportError }
);

/** How many became what. */
export type AttestationCounts = Readonly<Record<AttestationOutcome["status"], number>>;

/** What is submitted, and how. */
export interface SubmitAttestationsOptions extends SubmitManyOptions<AttestationOutcome, AttestationCounts> {
  /** What `signAttestation` returned, through whatever it has travelled. Read only as fast as it is submitted. */
  readonly items: AsyncIterable<unknown> | Iterable<unknown>;
}

/**
 * Submits attestations that others have signed, as many as come, for as many passports as they are for. Those of one
 * passport are recorded in the order in which they come. Bad ones are reported and left out; outages are waited out. After
 * a crash, the same call with the same journal goes on, and what is recorded is left alone.
 *
 * @param context - what writing actions work on, with an attestation relay and a store; the signers only pay
 * @param options - signed attestations, journal, signers, progress
 * @returns how many are recorded, and how many were refused
 * @throws PassportError `journal.*`, `submission.*`, `input.invalid`, and `chain.*` or `store.*` after the patience
 *
 * @example
 * ```ts
 * const journal = await createFileJournal("attestations.journal");
 * await submitMany(context, { items: signedAttestations, journal, onProgress: console.log });
 * await journal.close();
 * ```
 */
export async function submitMany(
  context: WritingContext,
  options: SubmitAttestationsOptions,
): Promise<AttestationCounts> {
  const kind = attestationKind(context);
  const signers = options.signers ?? [requireSigner(context, { action: "submit attestations" })];
  const counts = { recorded: 0, refused: 0 };

  const takeIn = async (source: unknown): Promise<Intake<SignedAttestation, SubmittedAttestation>> => {
    let id = "an item that cannot be read";
    try {
      const payload = parseSignedAttestation(source);
      id = typedDataOfSigned(payload).digest;
      await openSigned(context, payload);
      const recorded = await kind.findRecorded(payload);
      if (recorded !== undefined) return { status: "recorded", id, ...recorded };
      return { status: "accepted", item: { id, orderedBy: payload.passport, payload } };
    } catch (error) {
      if (!(error instanceof PassportError) || isOutage(error)) throw error;
      return { status: "refused", id, error };
    }
  };
  await submitAll(context, {
    ...options,
    signers,
    kind,
    takeIn,
    comesTwice,
    sources: options.items,
    onOutcome: async (outcome) => {
      const { position, status } = outcome;
      counts[status] += 1;
      const result: AttestationOutcome =
        outcome.status === "refused"
          ? { position, status: "refused", error: outcome.error }
          : { position, status: "recorded", ...outcome.result, transactionHash: outcome.transactionHash };
      await options.onProgress?.(result, { ...counts });
    },
  });
  return counts;
}

function comesTwice(id: string): PassportError {
  return new PassportError("input.invalid", { field: "signed attestation", problem: "it comes twice", value: id });
}
