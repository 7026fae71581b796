import { type Grant, readGrant } from "../passport/read-grant.js";
import type { PassportOption } from "../passport/resolve-passport.js";
import type { Address } from "../primitives/hex.js";
import { parseCloneCode } from "../signing/passport-clone.js";
import { entriesNotReliedOn } from "../verify/entries-not-relied-on.js";
import type { Finding } from "../verify/finding.js";
import { gather } from "../verify/gather.js";
import { timeInWords } from "../verify/in-words.js";
import type { VerificationReport } from "../verify/judge-passport.js";
import { type Gathered, worstStatus } from "../verify/verdict.js";
import { verifyPassport } from "../verify/verify-passport.js";
import { agreedContext } from "./agreed-context.js";
import { confirmWalletSignatures } from "./confirm-wallet-signatures.js";
import { type Pairings, pairingsOf } from "./pairings-of.js";
import type { ReadingsVerificationContext } from "./readings-verification-context.js";

/** What the manufacturer says of a gateway's key. */
export type GatewayStanding = Pick<Grant, "revokedAt" | "compromisedSince">;

/** The pairings of a product, and the verification that they rest on. */
export interface VerifiedPairings extends Pairings {
  readonly productId: string;
  /** Whether the history is genuine and complete; of another one, the pairings say nothing. */
  readonly status: "valid" | "invalid" | "unknown";
  /** By gateway. */
  readonly standings: ReadonlyMap<Address, Gathered<GatewayStanding>>;
  readonly report: VerificationReport;
}

/**
 * Verifies a passport, and reads which gateways measured its product, from which batch to which.
 *
 * @param context - as for `verifyPassport`, with a store
 * @param options - the passport, by its address or by the URL of its product
 * @returns the pairings with what is strange about them
 * @throws PassportError `input.invalid`, `identifier.*`; never for what was found
 */
export async function readPairings(
  context: ReadingsVerificationContext,
  options: PassportOption,
): Promise<VerifiedPairings> {
  const report = await verifyPassport(context, { passport: options.passport });
  const { registration, history } = report.verdicts;
  const opened = report.verdicts.documents.details.documents ?? [];
  const documents =
    report.evidence === undefined
      ? []
      : await confirmWalletSignatures(agreedContext(context), { documents: opened, evidence: report.evidence });
  const { pairings, findings } = pairingsOf(documents, { excluded: entriesNotReliedOn(report) });
  const clone = report.evidence && parseCloneCode(report.evidence.code);
  const gateways = new Set(pairings.map(({ gateway }) => gateway));
  const standings =
    clone === undefined ? new Map() : await readStandings(context, { manager: clone.manager, gateways });
  const status = worstStatus([registration.status, history.status, documents.length === 0 ? "unknown" : "valid"]);
  return {
    productId: clone?.productId ?? options.passport,
    status: status === "notApplicable" ? "invalid" : status,
    pairings,
    findings: [...findings, ...findingsOn(standings)],
    standings,
    report,
  };
}

async function readStandings(
  context: ReadingsVerificationContext,
  { manager, gateways }: { readonly manager: Address; readonly gateways: Iterable<Address> },
): Promise<VerifiedPairings["standings"]> {
  const standings = new Map<Address, Gathered<GatewayStanding>>();
  for (const attester of gateways) {
    standings.set(attester, await gather(() => readGrant(agreedContext(context), { manager, attester })));
  }
  return standings;
}

function findingsOn(standings: VerifiedPairings["standings"]): readonly Finding[] {
  return [...standings].flatMap(([gateway, standing]) => {
    if (standing.status === "missing") return [];
    const { revokedAt, compromisedSince } = standing.value;
    const found: Finding[] = [];
    if (revokedAt !== undefined) {
      const reason = `The gateway ${gateway} was revoked at ${timeInWords(revokedAt)}.`;
      found.push({ code: "pairing.gateway-revoked", reason });
    }
    if (compromisedSince !== undefined) {
      const reason = `The key of the gateway ${gateway} is reported as stolen since ${timeInWords(compromisedSince)}.`;
      found.push({ code: "pairing.gateway-compromised", reason });
    }
    return found;
  });
}
