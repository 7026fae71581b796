import type { Provider } from "ethers";
import * as z from "zod";
import { askNode } from "../chain/ask-node.js";
import { requireChain } from "../chain/require-chain.js";
import { canonicalise } from "../document/canonicalise.js";
import type { DocumentSchemas } from "../document/schemas/envelope.js";
import { PassportError } from "../errors/passport-error.js";
import type { ReadingContext } from "../passport/context.js";
import { readBlock } from "../passport/read-at-block.js";
import type { PassportOption } from "../passport/resolve-passport.js";
import { type Address, type Bytes32, bytes32Schema, type Hex, parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { PassportEvidence, VerificationEvidence } from "../verify/evidence.js";
import { gatherEvidence } from "../verify/gather-evidence.js";
import { parseSubject } from "../verify/gather-subject.js";
import type { VerificationReport } from "../verify/judge-passport.js";
import type { RecordingSource } from "../verify/proven-state.js";
import { readAtTrustedBlock } from "../verify/read-at-trusted-block.js";
import type { MissingEvidence } from "../verify/verdict.js";
import { BUNDLE_FORMAT, type BundleJson } from "./bundle-format.js";
import { verifyBundle } from "./verify-bundle.js";

/** Of which passport, at which block. */
export interface CreateBundleOptions extends PassportOption {
  /** Hash of the block; the node's last one if left out. Whoever verifies has to trust this hash. */
  readonly blockHash?: string | undefined;
  /** First block that is searched for entries; 0 if left out. */
  readonly fromBlock?: bigint | undefined;
  /** Schemas of the documents; the suite's own if left out. */
  readonly schemas?: DocumentSchemas | undefined;
}

/** A bundle, and what it is worth. */
export interface CreatedBundle {
  /** The file: canonical JSON in UTF-8. */
  readonly bytes: Uint8Array;
  /** Hash of the block that all of it rests on. */
  readonly blockHash: Bytes32;
  /** What a verifier finds who trusts that block, this registry and has the time of this clock. */
  readonly report: VerificationReport;
}

const settingsSchema = z.object({
  blockHash: bytes32Schema.optional(),
  fromBlock: z.bigint().nonnegative().default(0n),
});

/**
 * Puts a passport with all that proves it into one file, for whoever has no network, or wants to prove in twenty years
 * how it was: documents, entries, the header of a block, and the proofs that registry, manager and passport held under
 * its hash what they say. Files that documents list are not in it. The file is verified before it is handed out.
 *
 * @param context - `provider` (one that passes raw requests on), `chainId`, `registry`, `store`, `clock`
 * @param options - the passport, by its address or by the URL of its product; the block
 * @returns the file, the block's hash, and what it is worth
 * @throws PassportError `bundle.incomplete` if not all of it could be read; `passport.not-found`, `input.invalid`,
 *   `identifier.*`, `chain.*`, `proof.*`
 *
 * @example
 * ```ts
 * const { bytes, blockHash, report } = await createBundle(context, { passport });
 * console.log(bytes.length, blockHash, report.status);
 * ```
 */
export async function createBundle(
  context: Pick<ReadingContext, "provider" | "chainId" | "registry" | "store" | "clock">,
  options: CreateBundleOptions,
): Promise<CreatedBundle> {
  const { provider, chainId, store, clock } = context;
  const { schemas } = options;
  const registry = parseAddress(context.registry, { field: "registry" });
  const subject = parseSubject(options, registry);
  const { blockHash: named, fromBlock } = parseInput(settingsSchema, options, { field: "options" });
  await askNode(provider, () => requireChain(provider, { chainId }));
  const blockHash = named ?? (await readLastHash(provider));

  const bundle = await readAtTrustedBlock(provider, {
    blockHash,
    fromBlock,
    read: async (view, source) => {
      const passport = "address" in subject ? subject.address : await view.findPassport(subject);
      const sources = { chainId, view, registry, store, schemas, withAttachments: false };
      return bundleOf(await gatherEvidence(sources, passport), { registry, header: view.header, source });
    },
  });
  const bytes = canonicalise(bundle);
  const report = await verifyBundle(bytes, { chainId, registry, blockHash, schemas, clock });
  if (report.evidence === undefined) throw incomplete(report.verdicts.history.reason);
  return { bytes, blockHash, report };
}

async function readLastHash(provider: Provider): Promise<Bytes32> {
  const { hash } = await readBlock(provider, { tag: "latest" });
  return hash;
}

function bundleOf(
  evidence: VerificationEvidence,
  options: { readonly registry: Address; readonly header: Hex; readonly source: RecordingSource },
): BundleJson {
  const { registry, header, source } = options;
  requireGathered([evidence.state, evidence.entries, evidence.registration, evidence.manager]);
  const linked = evidence.links.flatMap(({ evidence: link }) => (link.status === "gathered" ? [link.value] : []));
  const passports = [evidence, ...linked];
  return {
    format: BUNDLE_FORMAT,
    chainId: String(evidence.chainId),
    registry,
    passport: evidence.passport,
    header,
    nodes: [...source.usedNodes.values()].sort(),
    codes: [...source.usedCodes.values()].sort(),
    histories: passports.flatMap(historyOf),
    documents: [...new Set(passports.flatMap(documentsOf))].sort(),
  };
}

function historyOf({ passport, entries }: PassportEvidence): BundleJson["histories"] {
  if (entries.status === "missing") return [];
  return [
    {
      passport,
      entries: entries.value.map(({ attester, condition, document, eventType, owner, recordedAt, roles }) => ({
        attester,
        condition: String(condition),
        document,
        eventType,
        owner,
        recordedAt: String(recordedAt),
        roles: String(roles),
      })),
    },
  ];
}

/** What is no text is no document; it is left out, and the verdict on the documents says so. */
function documentsOf({ documents }: PassportEvidence): readonly string[] {
  return [...(documents?.values() ?? [])].flatMap((bytes) => {
    if (bytes.status === "missing") return [];
    try {
      return [new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.value)];
    } catch {
      return [];
    }
  });
}

function requireGathered(parts: readonly ({ readonly status: "gathered" } | MissingEvidence | undefined)[]): void {
  for (const part of parts) if (part?.status === "missing") throw incomplete(part.problem);
}

function incomplete(problem: string): PassportError {
  return new PassportError("bundle.incomplete", { problem });
}
