import { encodeBase64 } from "ethers";

/**
 * Encodes bytes as WebAuthn and JSON web keys do (RFC 4648, section 5, without padding).
 *
 * @param bytes - any bytes
 * @returns letters, digits, `-` and `_`
 */
export function base64urlOf(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
