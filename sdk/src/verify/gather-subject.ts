import { isPassportError, PassportError } from "../errors/passport-error.js";
import { type ProductId, parseProductId } from "../identifier/parse-product-id.js";
import type { PassportOption } from "../passport/resolve-passport.js";
import { type Address, parseAddress } from "../primitives/hex.js";
import type { Basis } from "./basis.js";
import type { ChainView } from "./chain-view.js";
import type { VerificationEvidence } from "./evidence.js";
import { type EvidenceSources, gatherEvidence } from "./gather-evidence.js";
import { reportOf, type Verdicts, type VerificationReport } from "./judge-passport.js";
import { type MissingEvidence, type Verdict, verdictOf, verdictOnMissing } from "./verdict.js";

/** The passport by its address, or by its product in a registry. */
export type Subject =
  | { readonly address: Address; readonly productId?: undefined }
  | { readonly productId: ProductId; readonly registry: Address };

/**
 * Reads how a caller names a passport.
 *
 * @param options - `passport`: an address or a product's URL
 * @param registry - the one that is relied on, if one is
 * @returns the address, or product and registry
 * @throws PassportError `input.invalid`, `identifier.*`
 */
export function parseSubject({ passport }: PassportOption, registry: Address | undefined): Subject {
  if (!/^https:/i.test(passport)) return { address: parseAddress(passport, { field: "passport" }) };
  const { productId } = parseProductId(passport);
  if (registry !== undefined) return { productId, registry };
  throw new PassportError("input.invalid", {
    field: "registry",
    problem: "a product can only be looked up in a registry that you rely on",
    value: undefined,
  });
}

interface Recency {
  readonly maximumAgeSeconds: bigint;
  readonly clock: () => bigint;
}

/**
 * Gathers the evidence of a passport that is named by its address or its product.
 *
 * @param sources - chain, registry, store
 * @param subject - the passport
 * @param recency - how old the block may be, and the present time
 * @returns the evidence
 * @throws PassportError `passport.not-found`, `chain.*`, `proof.*`
 */
export async function gatherSubject(
  sources: EvidenceSources,
  subject: Subject,
  { maximumAgeSeconds, clock }: Recency,
): Promise<VerificationEvidence> {
  const { view } = sources;
  const requireRecent = (cause?: unknown): void => {
    const ageSeconds = clock() - view.block.timestamp;
    const isLast = view.level === undefined || view.level === "sequenced";
    if (isLast && ageSeconds <= maximumAgeSeconds) return;
    throw new PassportError("chain.block-too-old", { ageSeconds }, { cause });
  };
  // Only a recent block can know that there is no passport.
  const passport = await locate(subject, view).catch((error: unknown) => {
    if (isPassportError(error, "passport.not-found")) requireRecent(error);
    throw error;
  });
  const evidence = await gatherEvidence(sources, passport);
  if (evidence.code.length === 2) requireRecent();
  return evidence;
}

async function locate(subject: Subject, view: ChainView): Promise<Address> {
  return "address" in subject ? subject.address : await view.findPassport(subject);
}

/**
 * The report where nothing could be read: that is no verdict on the passport, except where the registry has none.
 *
 * @param missing - why nothing could be read
 * @param options - what was asked for, if it was a product in a registry, and who was asked
 * @returns the report
 */
export function reportOnMissing(
  missing: MissingEvidence,
  { subject, basis }: { readonly subject?: Subject | undefined; readonly basis: Basis },
): VerificationReport {
  const nothing = { basis, evidence: undefined };
  if (subject !== undefined && "registry" in subject && missing.code === "passport.not-found") {
    return reportOf(
      everyVerdict(verdictOf("passport.none", {}), verdictOf("registration.not-issued", subject)),
      nothing,
    );
  }
  const unknown = verdictOnMissing(missing);
  return reportOf(everyVerdict(unknown, unknown), nothing);
}

function everyVerdict(verdict: Verdict, registration: Verdict): Verdicts {
  return {
    registration,
    history: verdict,
    documents: verdict,
    authority: verdict,
    condition: verdict,
    succession: verdict,
    freshness: verdict,
  };
}
