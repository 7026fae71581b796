import * as z from "zod";
import { parseBlockHeader } from "../chain/block-header.js";
import type { DocumentSchemas } from "../document/schemas/envelope.js";
import { PassportError } from "../errors/passport-error.js";
import { computersClock } from "../primitives/computers-clock.js";
import { type Address, addressSchema, type Bytes32, bytes32Schema } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { PassportEvidence, VerificationEvidence } from "../verify/evidence.js";
import { gather } from "../verify/gather.js";
import { gatherSubject, reportOnMissing } from "../verify/gather-subject.js";
import { judgePassport, type VerificationReport } from "../verify/judge-passport.js";
import { createProvenState } from "../verify/proven-state.js";
import type { Gathered } from "../verify/verdict.js";
import { DEFAULT_MAXIMUM_AGE_OF_PROOF_SECONDS } from "../verify/verify-passport.js";
import { viewOfProof } from "../verify/view-of-proof.js";
import type { Bundle } from "./bundle-format.js";
import { sourcesOf } from "./bundle-sources.js";
import { parseBundle } from "./parse-bundle.js";

/** What the caller relies on and expects. */
export interface VerifyBundleOptions {
  /** The chain that the bundle must be of. */
  readonly chainId: bigint;
  /** The registry that the caller relies on. Without one, nobody can say whether a passport is genuine. */
  readonly registry?: string | undefined;
  /** Hash of the bundle's block, if the caller knows it to be of the chain. Without it, nothing is valid, only possible. */
  readonly blockHash?: string | undefined;
  /** The product in front of the caller, if he knows it. */
  readonly productId?: string | undefined;
  /** The passport that it must be of, if the caller knows it. */
  readonly passport?: string | undefined;
  /** Hash of the code that passports must run, if the caller has it from elsewhere than the registry. */
  readonly implementationCodeHash?: string | undefined;
  /** How old the block may be, in seconds; ten days if left out. An archive wants far more. */
  readonly maximumAgeSeconds?: bigint | undefined;
  /** Schemas of the documents; the suite's own if left out. */
  readonly schemas?: DocumentSchemas | undefined;
  /** Returns the present time in Unix seconds; the computer's clock if left out. */
  readonly clock?: (() => bigint) | undefined;
}

const settingsSchema = z.object({
  chainId: z.bigint().positive(),
  registry: addressSchema.optional(),
  blockHash: bytes32Schema.optional(),
  productId: z.string().optional(),
  passport: addressSchema.optional(),
  implementationCodeHash: bytes32Schema.optional(),
  maximumAgeSeconds: z.bigint().nonnegative().default(DEFAULT_MAXIMUM_AGE_OF_PROOF_SECONDS),
});

type Settings = z.infer<typeof settingsSchema>;

/**
 * Verifies a bundle, without any network. All that is said in it is proven under the hash of its block: the caller has
 * that hash from a source of his own, or is told on which block all of it depends. A file that was changed, cut off or
 * made up is never valid, and never thrown.
 *
 * @param bytes - the file, from anywhere
 * @param options - what the caller relies on and expects
 * @returns the same report as `verifyPassport`; its verdict on freshness says how old the bundle is
 * @throws PassportError `input.invalid` for what the caller passed; never for what is in the file
 *
 * @example
 * ```ts
 * const report = await verifyBundle(bytes, { chainId: 42161n, registry, blockHash });
 * console.log(report.status, basisInWords(report.basis), report.verdicts.freshness.reason);
 * ```
 */
export async function verifyBundle(bytes: Uint8Array, options: VerifyBundleOptions): Promise<VerificationReport> {
  const settings = parseInput(settingsSchema, options, { field: "options" });
  const { schemas, clock = computersClock } = options;
  const { blockHash, maximumAgeSeconds, productId, implementationCodeHash } = settings;
  const evidence = await gather(() => readBundle(parseBundle(bytes), settings, { schemas, clock }));
  if (evidence.status === "missing") {
    const basis = { kind: "proof", blockHash, isTrusted: blockHash !== undefined } as const;
    return reportOnMissing(evidence, { basis });
  }
  return judgePassport(evidence.value, { productId, implementationCodeHash, schemas, maximumAgeSeconds, now: clock() });
}

async function readBundle(
  bundle: Bundle,
  settings: Settings,
  { schemas, clock }: { readonly schemas: DocumentSchemas | undefined; readonly clock: () => bigint },
): Promise<VerificationEvidence> {
  const { maximumAgeSeconds, blockHash } = settings;
  const header = parseBlockHeader(bundle.header);
  requireExpected(bundle, header.hash, settings);
  const sources = sourcesOf(bundle);
  const view = viewOfProof(createProvenState(header, sources.proofs), {
    isTrusted: blockHash !== undefined,
    readEntries: sources.readEntries,
  });
  const { chainId, registry, passport } = bundle;
  const evidence = await gatherSubject(
    { chainId, view, registry, store: sources.store, schemas, withAttachments: false },
    { address: passport },
    { maximumAgeSeconds, clock },
  );
  if (sources.hasSurplus())
    throw new PassportError("bundle.invalid", { problem: "it holds more than is proven by it" });
  return pinRegistry(evidence, settings.registry);
}

function requireExpected(bundle: Bundle, blockHash: Bytes32, expected: Settings): void {
  const comparisons = [
    ["chain", bundle.chainId, expected.chainId],
    ["block", blockHash, expected.blockHash ?? blockHash],
    ["passport", bundle.passport, expected.passport ?? bundle.passport],
  ] as const;
  for (const [field, actual, wanted] of comparisons) {
    if (actual !== wanted) throw new PassportError("bundle.other", { field, actual, expected: wanted });
  }
}

/** What a registry says that the caller does not rely on, counts for nothing. */
function pinRegistry(evidence: VerificationEvidence, pinned: Address | undefined): VerificationEvidence {
  const pin = (registration: PassportEvidence["registration"]): PassportEvidence["registration"] => {
    if (pinned === undefined || registration === undefined) return undefined;
    if (registration.status === "missing" || registration.value.registry === pinned) return registration;
    const actual = registration.value.registry;
    const { code, message: problem } = new PassportError("bundle.other", {
      field: "registry",
      actual,
      expected: pinned,
    });
    return { status: "missing", code, problem };
  };
  const pinLinked = (linked: Gathered<PassportEvidence>): Gathered<PassportEvidence> =>
    linked.status === "missing"
      ? linked
      : { ...linked, value: { ...linked.value, registration: pin(linked.value.registration) } };
  return {
    ...evidence,
    registration: pin(evidence.registration),
    links: evidence.links.map((link) => ({ ...link, evidence: pinLinked(link.evidence) })),
  };
}
