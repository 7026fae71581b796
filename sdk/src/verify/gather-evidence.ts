import type { Provider } from "ethers";
import type { DocumentSchemas } from "../document/schemas/envelope.js";
import type { DocumentStore } from "../document/stores/document-store.js";
import { type BlockLevel, type ReadBlock, readBlock } from "../passport/read-at-block.js";
import { readCode } from "../passport/read-code.js";
import { readEntries } from "../passport/read-entries.js";
import { readPassportState } from "../passport/read-passport-state.js";
import type { Address } from "../primitives/hex.js";
import { parseCloneCode } from "../signing/passport-clone.js";
import type { FinalityEvidence, LinkedPassport, PassportEvidence, VerificationEvidence } from "./evidence.js";
import { gather } from "./gather.js";
import { gatherAttachments } from "./gather-attachments.js";
import { gatherDocuments } from "./gather-documents.js";
import { gatherManager } from "./gather-manager.js";
import { gatherRegistration } from "./gather-registration.js";
import { type OpenedDocument, openDocuments } from "./open-documents.js";
import { successionClaimsOf } from "./succession-claims.js";
import type { Gathered, MissingEvidence } from "./verdict.js";

/** Where the evidence comes from. */
export interface EvidenceSources {
  readonly provider: Provider;
  readonly chainId: bigint;
  /** The registry that is relied on; undefined: none. */
  readonly registry: Address | undefined;
  readonly store: Pick<DocumentStore, "get" | "getFile"> | undefined;
  /** Whether to fetch the files that the documents list, too. */
  readonly withAttachments: boolean;
  /** Block at which everything is read. */
  readonly block: ReadBlock;
  /** How settled the reader wanted that block to be. */
  readonly level: BlockLevel;
  /** First block that is searched for entries. */
  readonly fromBlock: bigint;
  /** Schemas of the documents; the suite's own if undefined. */
  readonly schemas: DocumentSchemas | undefined;
}

/**
 * Fetches everything that a verification looks at. Nothing is judged here, and only the code of the passport must come.
 *
 * @param sources - node, registry, store
 * @param passport - address of the passport
 * @returns the evidence
 * @throws PassportError `chain.*` if not even the passport's code comes
 */
export async function gatherEvidence(sources: EvidenceSources, passport: Address): Promise<VerificationEvidence> {
  const { provider, block, level, store, withAttachments } = sources;
  const evidence = await gatherPassport(sources, passport);
  const documents = openDocuments(evidence, { schemas: sources.schemas });
  const [manager, links, finality, attachments] = await Promise.all([
    gatherManagerOf(evidence, sources),
    gatherLinks(documents, sources),
    gatherFinality(provider),
    store && documents && withAttachments ? gatherAttachments(store, documents) : undefined,
  ]);
  return { ...evidence, block, level, manager, links, finality, attachments };
}

async function gatherPassport(sources: EvidenceSources, passport: Address): Promise<PassportEvidence> {
  const { provider, chainId, registry, block } = sources;
  const code = await readCode(provider, { address: passport, block: block.number });
  const clone = parseCloneCode(code);
  if (clone === undefined) {
    const nothing = notAPassport(passport);
    return { chainId, passport, code, registration: undefined, state: nothing, entries: nothing, documents: undefined };
  }
  const [registration, [state, entries]] = await Promise.all([
    registry && gather(() => gatherRegistration(provider, { registry, clone, block: block.number })),
    gatherHistory(sources, passport),
  ]);
  const documents = await gatherDocumentsOf(entries, sources);
  return { chainId, passport, code, registration, state, entries, documents };
}

/** The state says when the last entry was recorded, which helps to find the entries. */
async function gatherHistory(
  { provider, fromBlock, block }: EvidenceSources,
  passport: Address,
): Promise<readonly [PassportEvidence["state"], PassportEvidence["entries"]]> {
  const state = await gather(() => readPassportState(provider, { passport, block: block.number }));
  const lastRecordedAt = state.status === "gathered" ? state.value.lastRecordedAt : undefined;
  const range = { fromBlock, toBlock: block.number };
  return [state, await gather(() => readEntries(provider, { passport, ...range, lastRecordedAt }))];
}

async function gatherDocumentsOf(
  entries: PassportEvidence["entries"],
  { store }: EvidenceSources,
): Promise<PassportEvidence["documents"]> {
  if (store === undefined || entries.status === "missing") return undefined;
  const digests = entries.value.map(({ document }) => document);
  return await gatherDocuments(store, digests);
}

async function gatherManagerOf(
  { passport, code, entries }: PassportEvidence,
  { provider, block }: EvidenceSources,
): Promise<VerificationEvidence["manager"]> {
  const clone = parseCloneCode(code);
  if (clone === undefined) return notAPassport(passport);
  const attesters = entries.status === "missing" ? [] : entries.value.map(({ attester }) => attester);
  return await gather(() => gatherManager(provider, { manager: clone.manager, attesters, block: block.number }));
}

/** The passports before and after; not those before and after them, or somebody could send a verifier on a long way. */
async function gatherLinks(
  documents: readonly OpenedDocument[] | undefined,
  sources: EvidenceSources,
): Promise<readonly LinkedPassport[]> {
  const read = successionClaimsOf(documents);
  if ("unreadable" in read) return [];
  return await Promise.all(
    read.claims.map(async ({ role, passport }) => {
      return { role, passport, evidence: await gather(() => gatherPassport(sources, passport)) };
    }),
  );
}

/** Not every node knows how far the parent chain has got. */
async function gatherFinality(provider: Provider): Promise<FinalityEvidence> {
  const [safe, finalized] = await Promise.all(
    ["safe", "finalized"].map((tag) => gather(() => readBlock(provider, { tag }))),
  );
  const numberOf = (block: Gathered<ReadBlock> | undefined) =>
    block?.status === "gathered" ? block.value.number : undefined;
  return { safe: numberOf(safe), finalized: numberOf(finalized) };
}

function notAPassport(passport: Address): MissingEvidence {
  return { status: "missing", code: "passport.foreign", problem: `${passport} is no passport.` };
}
