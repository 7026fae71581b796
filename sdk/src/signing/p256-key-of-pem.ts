import { createPrivateKey } from "node:crypto";
import { PassportError } from "../errors/passport-error.js";
import { type P256Key, p256Key } from "./p256-attester.js";

/**
 * Reads a P-256 key out of a PEM file, such as `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256` makes.
 *
 * @param pem - "PRIVATE KEY", "ENCRYPTED PRIVATE KEY" or "EC PRIVATE KEY"
 * @param options - `password`, if the key is encrypted
 * @returns the key, in memory
 * @throws PassportError `input.invalid`, without the key or the password
 *
 * @example
 * ```ts
 * const key = p256KeyOfPem(await readFile("gateway.pem", "utf8"), { password });
 * const gateway = p256Attester(key, { verifier: contracts.p256Verifier.address });
 * ```
 */
export function p256KeyOfPem(pem: string, options: { readonly password?: string | undefined } = {}): P256Key {
  const { crv, d } = readJwk(pem, options.password);
  if (crv !== "P-256" || d === undefined) throw invalidPem("expected a key on P-256");
  return p256Key(`0x${Buffer.from(d, "base64url").toString("hex")}`);
}

function readJwk(pem: string, password = "") {
  try {
    return createPrivateKey({ key: pem, passphrase: password }).export({ format: "jwk" });
  } catch {
    // What OpenSSL says helps nobody, and an error that carries it could carry the key.
    throw invalidPem("expected a private key in PEM form, and its password if it is encrypted");
  }
}

function invalidPem(problem: string): PassportError {
  return new PassportError("input.invalid", { field: "PEM file", problem, value: "(not shown)" });
}
