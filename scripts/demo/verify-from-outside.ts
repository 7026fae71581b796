import {
  cidOf,
  conditionInWords,
  createPassportClient,
  createProvider,
  eventTypeName,
  eventTypeOf,
  type VerdictStatus,
  type VerificationReport,
} from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import type { Stage } from "./set-stage.js";

const MANUFACTURED = eventTypeOf("MANUFACTURED");

/** One question about a passport, and the answer. */
export interface Check {
  readonly question: string;
  readonly status: VerdictStatus;
  readonly code: string;
  readonly reason: string;
}

/** One line of a history, as a person reads it. */
export interface HistoryLine {
  readonly sequence: bigint;
  readonly event: string;
  /** The attester's name, from the document; otherwise his address. */
  readonly by: string;
  /** Under which roles. */
  readonly roles: readonly string[];
  /** Unix seconds. */
  readonly recordedAt: bigint;
  readonly document: string;
  /** After the entry, in words. */
  readonly condition: readonly string[];
}

/** What somebody finds who was not there. */
export interface OutsideVerification {
  readonly status: VerdictStatus;
  readonly checks: readonly Check[];
  readonly history: readonly HistoryLine[];
}

/**
 * Verifies a motor's passport as somebody does who was not there: with a connection of his own, a copy of the documents,
 * the URL of the product's QR code, and nothing to rely on but the chain's number and the registry's address.
 *
 * @param stage - where chain and documents are
 * @param options - `productId`: as the QR code carries it
 * @returns what he finds
 * @throws PassportError `identifier.*`
 */
export async function verifyFromOutside(
  { addressBook, documentsFolder, network }: Pick<Stage, "addressBook" | "documentsFolder" | "network">,
  { productId }: { readonly productId: string },
): Promise<OutsideVerification> {
  const { chainId, rpcUrl } = network;
  const provider = createProvider(rpcUrl, { chainId });
  try {
    const store = createDiskStore(documentsFolder);
    const registry = addressBook.contracts.registry.address;
    const report = await createPassportClient({ rpc: provider, chainId, registry, store }).verifyPassport({
      passport: productId,
      withAttachments: true,
    });
    const checks = Object.entries(report.verdicts).map(([question, { status, code, reason }]) => ({
      question,
      status,
      code,
      reason,
    }));
    return { status: report.status, checks, history: historyOf(report) };
  } finally {
    provider.destroy();
  }
}

function historyOf({ evidence, verdicts }: VerificationReport): readonly HistoryLine[] {
  if (evidence === undefined || evidence.entries.status === "missing") return [];
  const { documents = [] } = verdicts.documents.details;
  const { roles = [] } = verdicts.authority.details;
  const names = evidence.manager.status === "missing" ? undefined : evidence.manager.value.names;
  return evidence.entries.value.map((entry, index) => {
    const opened = documents[index];
    return {
      sequence: entry.sequence,
      event: eventTypeName(entry.eventType),
      by: (opened?.status === "valid" ? opened.document.recordedBy?.name : undefined) ?? entry.attester,
      // Nobody is granted the right to issue: the manager itself attests what its issuers make.
      roles: entry.eventType === MANUFACTURED ? ["MANAGER"] : (roles[index] ?? []),
      recordedAt: entry.recordedAt,
      document: cidOf(entry.document),
      condition: conditionInWords(entry.condition, names),
    };
  });
}
