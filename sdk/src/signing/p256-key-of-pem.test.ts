import { generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import { hexlify } from "ethers";
import { isPassportError } from "../errors/passport-error.js";
import { p256KeyOfPem } from "./p256-key-of-pem.js";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const spki = publicKey.export({ format: "der", type: "spki" });
const password = "of the gateway";
const plain = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
const encrypted = privateKey
  .export({ format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: password })
  .toString();

const refusalOf = (pem: string, options = {}): unknown => {
  try {
    return p256KeyOfPem(pem, options);
  } catch (error) {
    return error;
  }
};

describe("p256KeyOfPem", () => {
  for (const [form, pem, options] of [
    ["PKCS#8", plain, {}],
    ["SEC 1", privateKey.export({ format: "pem", type: "sec1" }).toString(), {}],
    ["encrypted PKCS#8", encrypted, { password }],
  ] as const) {
    it(`of a key in ${form} form: the key, with its public key`, () => {
      // The last 64 bytes of an SPKI are x and y.
      expect(p256KeyOfPem(pem, options).publicKey).to.equal(hexlify(spki.subarray(-64)));
    });
  }

  for (const [circumstance, pem, options] of [
    ["encrypted with another password", encrypted, { password: "guessed" }],
    ["encrypted, without its password", encrypted, {}],
    ["of another curve", pemOf("secp256k1"), {}],
    ["a public key", publicKey.export({ format: "pem", type: "spki" }).toString(), {}],
    ["no PEM", "0x1234", {}],
  ] as const) {
    it(`of a file that is ${circumstance}: input.invalid, which shows nothing of it`, () => {
      const error = refusalOf(pem, options);
      expect(isPassportError(error, "input.invalid")).to.equal(true);
      expect(String(error)).to.include("(not shown)").and.not.to.include(pem).and.not.to.include("guessed");
    });
  }
});

function pemOf(namedCurve: string): string {
  return generateKeyPairSync("ec", { namedCurve }).privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}
