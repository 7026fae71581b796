import { PassportError } from "../errors/passport-error.js";
import { type SignedMessage, typedDataOfSigned } from "../signing/signed-message.js";
import type { MessageType, PassportMessages } from "../signing/typed-data.js";
import type { WritingContext } from "./context.js";
import { documentOfContent, type ReadyDocument } from "./document-source.js";
import { resolvePassport } from "./resolve-passport.js";

/** A signed message that may be submitted here. Whether the signature is right, only the passport says. */
export interface OpenedMessage<Type extends MessageType> {
  /** What the contract is called with. */
  readonly message: PassportMessages[Type];
  /** The document that the message names; undefined if it names none. */
  readonly document: ReadyDocument | undefined;
}

/**
 * Opens a signed message for submitting it: it must be for the context's chain and for a passport of its registry, and
 * content that came with it must be what was signed. Nothing is stored.
 *
 * @param context - `provider`, `chainId`, `registry`
 * @param signed - a parsed signed message
 * @returns the message that was signed, and its document
 * @throws PassportError `chain.wrong-chain`, `passport.foreign`, `document.digest-mismatch`, `chain.*`
 */
export async function openSigned<Type extends MessageType>(
  context: Pick<WritingContext, "provider" | "chainId" | "registry">,
  signed: SignedMessage<Type>,
): Promise<OpenedMessage<Type>> {
  const { domain, message } = typedDataOfSigned(signed);
  if (domain.chainId !== context.chainId) {
    throw new PassportError("chain.wrong-chain", { expected: domain.chainId, actual: context.chainId });
  }
  const document = "document" in message ? documentOfContent(signed.content, { digest: message.document }) : undefined;
  await resolvePassport(context, signed);
  return { message, document };
}
