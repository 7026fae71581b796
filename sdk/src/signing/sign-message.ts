import type { Attester } from "./attester.js";
import type { SignedMessage } from "./signed-message.js";
import type { MessageType, TypedData } from "./typed-data.js";

/**
 * Signs typed data of a passport and packs it for whoever submits it.
 *
 * @param attester - who signs
 * @param options - `typedData`: what he signs; `content`: the canonical JSON of the document, if it travels along
 * @returns plain JSON
 * @throws PassportError `signer.refused`
 *
 * @example
 * ```ts
 * const signed = await signMessage(technician, {
 *   typedData: attestationTypedData({ chainId, passport, ...entry, attester: technician.address }),
 * });
 * await writeFile("maintenance.json", JSON.stringify(signed));
 * ```
 */
export async function signMessage<Type extends MessageType>(
  attester: Attester,
  options: { readonly typedData: TypedData<Type>; readonly content?: string | undefined },
): Promise<SignedMessage<Type>> {
  const { typedData, content } = options;
  const { domain, primaryType, message } = typedData;
  const signature = await attester.sign(typedData);
  const fields = Object.entries(message).map(([name, value]) => [
    name,
    typeof value === "bigint" ? value.toString() : value,
  ]);
  return {
    type: primaryType,
    chainId: domain.chainId.toString(),
    passport: domain.verifyingContract,
    attester: attester.address,
    // Safety: JsonMessage is the message with decimal digits for every bigint.
    message: Object.fromEntries(fields) as SignedMessage<Type>["message"],
    signer: attester.signer,
    signature,
    ...(content === undefined ? {} : { content }),
  };
}
