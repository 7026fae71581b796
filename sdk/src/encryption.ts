export { type DecryptAttachmentOptions, decryptAttachment } from "./encryption/decrypt-attachment.js";
export {
  ENCRYPTED_MEDIA_TYPE,
  type EncryptAttachmentOptions,
  encryptAttachment,
  MAXIMUM_ENCRYPTED_BYTES,
} from "./encryption/encrypt-attachment.js";
export {
  createEncryptionKey,
  type EncryptionKeyPair,
  type EncryptionPrivateKey,
  type EncryptionPublicKey,
  keyIdOf,
} from "./encryption/encryption-key.js";
