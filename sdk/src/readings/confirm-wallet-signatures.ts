import { Interface } from "ethers";
import { askNode } from "../chain/ask-node.js";
import { readDocument } from "../document/read-document.js";
import { isPassportError } from "../errors/passport-error.js";
import { parseCloneCode } from "../signing/passport-clone.js";
import type { PassportEvidence } from "../verify/evidence.js";
import { gatewayClaimOf } from "../verify/gateway-signature.js";
import type { OpenedDocument } from "../verify/open-documents.js";
import type { ReadingsVerificationContext } from "./readings-verification-context.js";

const MAGIC_VALUE = "0x1626ba7e";
const wallet = new Interface(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);

/**
 * Asks the wallets of gateways whether they have signed what only they can say (ERC-1271).
 *
 * @param context - `provider`
 * @param options - documents as a verification opened them, and its evidence
 * @returns the documents; those that a wallet confirms are valid
 */
export async function confirmWalletSignatures(
  context: Pick<ReadingsVerificationContext, "provider">,
  options: { readonly documents: readonly OpenedDocument[]; readonly evidence: PassportEvidence },
): Promise<readonly OpenedDocument[]> {
  return await Promise.all(options.documents.map((opened) => confirm(context, opened, options.evidence)));
}

async function confirm(
  { provider }: Pick<ReadingsVerificationContext, "provider">,
  opened: OpenedDocument,
  evidence: PassportEvidence,
): Promise<OpenedDocument> {
  const { entry } = opened;
  const bytes = evidence.documents?.get(entry.document);
  const productId = parseCloneCode(evidence.code)?.productId;
  if (opened.status !== "unknown" || opened.code !== "document.gateway-signature-unknown") return opened;
  if (bytes?.status !== "gathered" || productId === undefined) return opened;
  const { document: digest, eventType, attester } = entry;
  const read = readDocument(bytes.value, { digest, productId, eventType, attester });
  const claim = read.status === "valid" ? gatewayClaimOf(read.document, evidence) : undefined;
  if (read.status !== "valid" || claim === undefined) return opened;
  const data = wallet.encodeFunctionData("isValidSignature", [claim.digest, claim.signature]);
  try {
    const answer = await askNode(provider, () => provider.call({ to: claim.attester, data }));
    if (answer.startsWith(MAGIC_VALUE)) return { status: "valid", entry, document: read.document };
    return { ...opened, status: "invalid", code: "document.gateway-signature-wrong" };
  } catch (error) {
    if (!isPassportError(error)) throw error;
    // A wallet that reverts has not signed; a node that is away says nothing.
    if (!error.code.startsWith("contract.")) return opened;
    return { ...opened, status: "invalid", code: "document.gateway-signature-wrong" };
  }
}
