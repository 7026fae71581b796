import type { Address, Bytes27, Hex } from "../primitives/hex.js";
import type { Attester } from "../signing/attester.js";
import { pairingTypedData, unpairingTypedData } from "../signing/typed-data.js";
import type { GatewayState } from "./read-gateway-position.js";

/** Which product, and where the gateway's chain stands. */
export interface SignPairingOptions {
  readonly chainId: bigint;
  readonly readingsAnchor: Address;
  readonly passport: Address;
  /** What `readGatewayPosition` says: the pairing counts from the next batch on. */
  readonly position: GatewayState;
}

/** What the document of GATEWAY_PAIRED or GATEWAY_UNPAIRED says of the gateway. */
export interface SignedPairing {
  readonly gateway: Address;
  readonly gatewayKey?: Hex;
  readonly readingsAnchor: Address;
  readonly batchSequence: number;
  readonly batchHead: Bytes27;
  readonly gatewaySignature: Hex;
}

/**
 * Signs in the name of a gateway that it is attached to a product.
 *
 * @param gateway - who signs
 * @param options - the product's passport, and where the gateway's chain stands
 * @returns what goes into the document of GATEWAY_PAIRED, beside the sensors
 * @throws PassportError `signer.refused`
 *
 * @example
 * ```ts
 * const position = await readGatewayPosition(context, { gateway: gateway.address });
 * const signed = await signPairing(gateway, { chainId, readingsAnchor, passport, position });
 * await (await attest(context, {
 *   passport, eventType: "GATEWAY_PAIRED", document: { data: { ...signed, sensors } },
 * })).send();
 * ```
 */
export async function signPairing(gateway: Attester, options: SignPairingOptions): Promise<SignedPairing> {
  return await sign(gateway, { ...options, typedDataOf: pairingTypedData });
}

/**
 * Signs in the name of a gateway that it was taken off a product.
 *
 * @param gateway - who signs
 * @param options - the product's passport, and where the gateway's chain stands
 * @returns what goes into the document of GATEWAY_UNPAIRED, beside the reason
 * @throws PassportError `signer.refused`
 */
export async function signUnpairing(gateway: Attester, options: SignPairingOptions): Promise<SignedPairing> {
  return await sign(gateway, { ...options, typedDataOf: unpairingTypedData });
}

async function sign(
  gateway: Attester,
  options: SignPairingOptions & { readonly typedDataOf: typeof pairingTypedData | typeof unpairingTypedData },
): Promise<SignedPairing> {
  const { chainId, readingsAnchor, passport, position, typedDataOf } = options;
  const { sequence: batchSequence, head: batchHead } = position;
  const typedData = typedDataOf({
    chainId,
    readingsAnchor,
    passport,
    gateway: gateway.address,
    batchSequence,
    batchHead,
  });
  const isKey = gateway.signer.length > 2;
  return {
    gateway: gateway.address,
    ...(isKey ? { gatewayKey: gateway.signer } : {}),
    readingsAnchor,
    batchSequence: Number(batchSequence),
    batchHead,
    gatewaySignature: await gateway.sign(typedData),
  };
}
