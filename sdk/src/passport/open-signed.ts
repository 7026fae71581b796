import { PassportError } from "../errors/passport-error.js";
import { type SignedMessage, typedDataOfSigned } from "../signing/signed-message.js";
import type { MessageType, TypedData } from "../signing/typed-data.js";
import type { WritingContext } from "./context.js";
import { documentOfContent, storeDocument } from "./document-source.js";
import { resolvePassport } from "./resolve-passport.js";

/**
 * Opens a signed message for submitting it: it must be for the context's chain and for a passport of its registry,
 * and the document that came with it is stored.
 *
 * @param context - `provider`, `chainId`, `registry`, `store`
 * @param signed - a parsed signed message
 * @returns the typed data that was signed
 * @throws PassportError `chain.wrong-chain`, `passport.foreign`, `document.digest-mismatch`, `store.unreachable`, `chain.*`
 */
export async function openSigned<Type extends MessageType>(
  context: WritingContext,
  signed: SignedMessage<Type>,
): Promise<TypedData<Type>> {
  const typedData = typedDataOfSigned(signed);
  const { chainId } = typedData.domain;
  if (chainId !== context.chainId) {
    throw new PassportError("chain.wrong-chain", { expected: chainId, actual: context.chainId });
  }
  await resolvePassport(context, signed);
  const { message } = typedData;
  if ("document" in message) {
    await storeDocument(context, documentOfContent(signed.content, { digest: message.document }));
  }
  return typedData;
}
