import type { DocumentSchemas } from "../document/schemas/envelope.js";
import type { DocumentStore } from "../document/stores/document-store.js";
import type { Address } from "../primitives/hex.js";
import { parseCloneCode } from "../signing/passport-clone.js";
import type { ChainView } from "./chain-view.js";
import type { LinkedPassport, PassportEvidence, VerificationEvidence } from "./evidence.js";
import { gather } from "./gather.js";
import { gatherAttachments } from "./gather-attachments.js";
import { gatherDocuments } from "./gather-documents.js";
import { type OpenedDocument, openDocuments } from "./open-documents.js";
import { successionClaimsOf } from "./succession-claims.js";
import type { MissingEvidence } from "./verdict.js";

/** Where the evidence comes from. */
export interface EvidenceSources {
  readonly chainId: bigint;
  /** The chain, as somebody shows it. */
  readonly view: ChainView;
  /** The registry that is relied on; undefined: none. */
  readonly registry: Address | undefined;
  readonly store: Pick<DocumentStore, "get" | "getFile"> | undefined;
  /** Whether to fetch the files that the documents list, too. */
  readonly withAttachments: boolean;
  /** Schemas of the documents; the suite's own if undefined. */
  readonly schemas: DocumentSchemas | undefined;
}

/**
 * Fetches everything that a verification looks at. Nothing is judged here, and only the code of the passport must come.
 *
 * @param sources - chain, registry, store
 * @param passport - address of the passport
 * @returns the evidence
 * @throws PassportError `chain.*`, `proof.*` if not even the passport's code comes
 */
export async function gatherEvidence(sources: EvidenceSources, passport: Address): Promise<VerificationEvidence> {
  const { view, store, withAttachments } = sources;
  const evidence = await gatherPassport(sources, passport);
  const documents = openDocuments(evidence, { schemas: sources.schemas });
  const [manager, links, finality, attachments] = await Promise.all([
    gatherManagerOf(evidence, view),
    gatherLinks(documents, sources),
    view.readFinality(),
    store && documents && withAttachments ? gatherAttachments(store, documents) : undefined,
  ]);
  const { block, level } = view;
  return { ...evidence, basis: view.basis(), block, level, manager, links, finality, attachments };
}

async function gatherPassport(sources: EvidenceSources, passport: Address): Promise<PassportEvidence> {
  const { view, chainId, registry } = sources;
  const code = await view.readCode(passport);
  const clone = parseCloneCode(code);
  if (clone === undefined) {
    const nothing = notAPassport(passport);
    return { chainId, passport, code, registration: undefined, state: nothing, entries: nothing, documents: undefined };
  }
  const [registration, [state, entries]] = await Promise.all([
    registry && gather(() => view.readRegistration({ registry, clone })),
    gatherHistory(view, passport),
  ]);
  const documents = await gatherDocumentsOf(entries, sources);
  return { chainId, passport, code, registration, state, entries, documents };
}

/** The state says when the last entry was recorded; a node that does not even tell that is not asked for the entries. */
async function gatherHistory(
  view: ChainView,
  passport: Address,
): Promise<readonly [PassportEvidence["state"], PassportEvidence["entries"]]> {
  const state = await gather(() => view.readState(passport));
  if (state.status === "missing") return [state, state];
  const { lastRecordedAt } = state.value;
  return [state, await gather(() => view.readEntries({ passport, lastRecordedAt }))];
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
  view: ChainView,
): Promise<VerificationEvidence["manager"]> {
  const clone = parseCloneCode(code);
  if (clone === undefined) return notAPassport(passport);
  const attesters = entries.status === "missing" ? [] : entries.value.map(({ attester }) => attester);
  return await gather(() => view.readManager({ manager: clone.manager, attesters }));
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

function notAPassport(passport: Address): MissingEvidence {
  return { status: "missing", code: "passport.foreign", problem: `${passport} is no passport.` };
}
