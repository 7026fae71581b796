import * as z from "zod";
import type { Envelope } from "../document/schemas/envelope.js";
import { gatewayPairedSchema } from "../document/schemas/gateway-paired.js";
import { gatewayUnpairedSchema } from "../document/schemas/gateway-unpaired.js";
import type { Address } from "../primitives/hex.js";
import { hexSchema } from "../primitives/hex.js";
import { checkSignature, type SignatureClaim, type SignatureStatus } from "../signing/check-signature.js";
import { pairingTypedData, unpairingTypedData } from "../signing/typed-data.js";

/** A document that a gateway has signed, too, and whether it did. */
export interface GatewaySignature {
  readonly gateway: Address;
  readonly status: SignatureStatus;
}

const NO_SIGNER = hexSchema.parse("0x");

const pairingDocumentSchema = z.discriminatedUnion("eventType", [
  z.object({ eventType: gatewayPairedSchema.shape.eventType, data: gatewayPairedSchema.shape.data }),
  z.object({ eventType: gatewayUnpairedSchema.shape.eventType, data: gatewayUnpairedSchema.shape.data }),
]);

/**
 * Checks the gateway's own signature in a document that says where it was attached or taken off.
 *
 * @param document - whose schema has been checked
 * @param subject - the passport that names the document, and its chain
 * @returns whether it is the gateway's; undefined for other documents, and for one that a gateway did not have to sign
 */
export function checkGatewaySignature(
  document: Envelope,
  subject: { readonly chainId: bigint; readonly passport: Address },
): GatewaySignature | undefined {
  const claim = gatewayClaimOf(document, subject);
  return claim && { gateway: claim.attester, status: checkSignature(claim) };
}

/**
 * What a gateway is said to have signed.
 *
 * @param document - whose schema has been checked
 * @param subject - the passport that names the document, and its chain
 * @returns the claim; undefined for a document without one
 */
export function gatewayClaimOf(
  document: Pick<Envelope, "eventType" | "data">,
  { chainId, passport }: { readonly chainId: bigint; readonly passport: Address },
): SignatureClaim | undefined {
  const parsed = pairingDocumentSchema.safeParse(document).data;
  if (parsed?.data.gatewaySignature === undefined) return undefined;
  const { gateway, gatewayKey, readingsAnchor, batchSequence, batchHead, gatewaySignature } = parsed.data;
  const typedDataOf = parsed.eventType === "GATEWAY_PAIRED" ? pairingTypedData : unpairingTypedData;
  const position = { passport, gateway, batchSequence: BigInt(batchSequence), batchHead };
  const { digest } = typedDataOf({ chainId, readingsAnchor, ...position });
  return { attester: gateway, signer: gatewayKey ?? NO_SIGNER, digest, signature: gatewaySignature };
}
