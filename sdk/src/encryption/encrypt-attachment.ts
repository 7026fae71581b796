import { GeneralEncrypt } from "jose";
import * as z from "zod";
import { PassportError } from "../errors/passport-error.js";
import { parseInput } from "../primitives/parse-input.js";
import { type EncryptionPublicKey, keyIdOf, publicKeySchema } from "./encryption-key.js";

/** What the document says that an encrypted attachment is. */
export const ENCRYPTED_MEDIA_TYPE = "application/jose+json";

/** The largest file that is encrypted: 64 MiB. All of it is in memory, because nothing of it counts before its end. */
export const MAXIMUM_ENCRYPTED_BYTES = 67_108_864;

/** The most keys that one attachment is encrypted to. */
export const MAXIMUM_RECIPIENTS = 100;

/** The only algorithms that are written and read. */
export const PROTECTED_HEADER = { alg: "ECDH-ES+A256KW", enc: "A256GCM" } as const;

/** Who shall be able to read. */
export interface EncryptAttachmentOptions {
  /** Between 1 and 100 keys. */
  readonly recipients: readonly EncryptionPublicKey[];
}

const recipientsSchema = z.array(publicKeySchema).min(1).max(MAXIMUM_RECIPIENTS);

/**
 * Encrypts a file, so that it can be a public attachment which only the chosen recipients can read: JWE in its general
 * JSON form, ECDH-ES+A256KW with X25519, content in A256GCM. What it reveals is its size, and the thumbprints of the
 * recipients' keys. When all their private keys are destroyed, nobody can read it any more.
 *
 * @param file - at most 64 MiB
 * @param options - the recipients' keys
 * @returns the bytes of the attachment, of media type `application/jose+json`
 * @throws PassportError `input.invalid`
 */
export async function encryptAttachment(
  file: Uint8Array,
  options: EncryptAttachmentOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  if (file.length > MAXIMUM_ENCRYPTED_BYTES) {
    const problem = `it has more than ${MAXIMUM_ENCRYPTED_BYTES} bytes`;
    throw new PassportError("input.invalid", { field: "file", problem, value: `${file.length} bytes` });
  }
  const encryption = new GeneralEncrypt(file).setProtectedHeader(PROTECTED_HEADER);
  for (const recipient of parseInput(recipientsSchema, options.recipients, { field: "recipients" })) {
    encryption.addRecipient(recipient).setUnprotectedHeader({ kid: await keyIdOf(recipient) });
  }
  try {
    return new TextEncoder().encode(JSON.stringify(await encryption.encrypt()));
  } catch (cause) {
    const problem = "one of them is no point that X25519 can use";
    throw new PassportError("input.invalid", { field: "recipients", problem, value: options.recipients }, { cause });
  }
}
