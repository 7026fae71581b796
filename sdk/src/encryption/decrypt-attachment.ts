import { base64url, flattenedDecrypt } from "jose";
import * as z from "zod";
import { PassportError } from "../errors/passport-error.js";
import { describeIssues } from "../primitives/parse-input.js";
import { MAXIMUM_ENCRYPTED_BYTES, MAXIMUM_RECIPIENTS, PROTECTED_HEADER } from "./encrypt-attachment.js";
import {
  base64urlSchema,
  type EncryptionPrivateKey,
  keyIdOf,
  privateKeySchema,
  publicKeySchema,
} from "./encryption-key.js";

/** Base64 makes four characters of three bytes; the rest is room for the recipients. */
const MAXIMUM_JWE_BYTES = Math.ceil(MAXIMUM_ENCRYPTED_BYTES / 3) * 4 + 1_048_576;

/** Who wants to read. */
export interface DecryptAttachmentOptions {
  readonly privateKey: EncryptionPrivateKey;
}

/** What `encryptAttachment` writes, and nothing else: no header that nobody has signed may say how to decrypt. */
const jweSchema = z.strictObject({
  protected: base64urlSchema,
  iv: base64urlSchema,
  ciphertext: base64urlSchema,
  tag: base64urlSchema,
  recipients: z
    .array(
      z.strictObject({
        header: z.strictObject({ kid: z.string(), epk: publicKeySchema.exactOptional() }),
        encrypted_key: base64urlSchema,
      }),
    )
    .min(1)
    .max(MAXIMUM_RECIPIENTS),
});

const protectedHeaderSchema = z.strictObject({
  alg: z.literal(PROTECTED_HEADER.alg),
  enc: z.literal(PROTECTED_HEADER.enc),
  // One recipient's is here, those of several are in their own headers.
  epk: publicKeySchema.exactOptional(),
});

/**
 * Decrypts an attachment. It is read only in the form in which `encryptAttachment` writes it; who wrote it, and that it
 * is the one that was recorded, only the document's `sha256` says: read it through `readAttachment`.
 *
 * @param attachment - the bytes of the attachment
 * @param options - the reader's key
 * @returns the file
 * @throws PassportError `document.not-decryptable`; `input.invalid` for a key that is none
 */
export async function decryptAttachment(
  attachment: Uint8Array,
  options: DecryptAttachmentOptions,
): Promise<Uint8Array> {
  const privateKey = parsePrivateKey(options.privateKey);
  const { recipients, ...shared } = parseJwe(attachment);
  const { kty, crv, x } = privateKey;
  const keyId = await keyIdOf({ kty, crv, x });
  const recipient = recipients.find(({ header }) => header.kid === keyId);
  if (recipient === undefined) throw refuse(`it is encrypted to others, not to the key ${keyId}`);
  try {
    const { plaintext } = await flattenedDecrypt({ ...shared, ...recipient }, privateKey, {
      keyManagementAlgorithms: [PROTECTED_HEADER.alg],
      contentEncryptionAlgorithms: [PROTECTED_HEADER.enc],
    });
    return plaintext;
  } catch (cause) {
    throw refuse("the key does not fit, or bytes were changed", cause);
  }
}

/** The value is not shown: it is a secret. */
function parsePrivateKey(value: unknown): EncryptionPrivateKey {
  const key = privateKeySchema.safeParse(value);
  if (key.success) return key.data;
  const problem = describeIssues(key.error.issues);
  throw new PassportError("input.invalid", { field: "privateKey", problem, value: "a private key" });
}

function parseJwe(attachment: Uint8Array): z.infer<typeof jweSchema> {
  if (attachment.length > MAXIMUM_JWE_BYTES) throw refuse(`it has more than ${MAXIMUM_JWE_BYTES} bytes`);
  const jwe = parseAs(jweSchema, attachment);
  parseAs(protectedHeaderSchema, base64url.decode(jwe.protected));
  return jwe;
}

function parseAs<Schema extends z.ZodType>(schema: Schema, bytes: Uint8Array): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw refuse("it is not JSON", cause);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw refuse(`it is not encrypted as attachments are: ${describeIssues(result.error.issues)}`);
}

function refuse(problem: string, cause?: unknown): PassportError {
  return new PassportError("document.not-decryptable", { problem }, { cause });
}
