import { createECDH, generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import { hexlify } from "ethers";
import { isPassportError } from "../errors/passport-error.js";
import { parseAddress } from "../primitives/hex.js";
import { parseP256PublicKey } from "./p256-public-key.js";
import { type PasskeyRequest, type PasskeyStore, passkey } from "./passkey.js";
import { cancellationTypedData } from "./typed-data.js";
import { webCryptoKey } from "./web-crypto-key.js";
import { webAuthnAttester } from "./webauthn-attester.js";

const verifier = parseAddress("0x00000000000000000000000000000000000000cc");
const id = Uint8Array.of(1, 2, 3);
const typedData = cancellationTypedData({
  chainId: 31_337n,
  passport: parseAddress("0x00000000000000000000000000000000000000aa"),
  offerNonce: 1n,
});

/** A browser whose authenticator is a key of WebCrypto. It notes what it is asked. */
const browser = async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const key = await webCryptoKey(pair, { origin: "https://id.weg.example", verifyUser: async () => {} });
  const requests: PasskeyRequest[] = [];
  const credentials: PasskeyStore = {
    get: async (request) => {
      requests.push(request);
      const { authenticatorData, clientDataJSON, signature } = await key.assert(request.publicKey.challenge);
      // As browsers answer: buffers, behind getters.
      return {
        get response() {
          return {
            authenticatorData: Uint8Array.from(authenticatorData).buffer,
            clientDataJSON: Uint8Array.from(clientDataJSON).buffer,
            signature: Uint8Array.from(signature).buffer,
          };
        },
      };
    },
  };
  const spki = await crypto.subtle.exportKey("spki", pair.publicKey);
  return { credentials, requests, publicKey: await parseP256PublicKey(spki) };
};

describe("passkey", () => {
  it("asks for this passkey, for the digest, and for a verified user", async () => {
    const { credentials, requests, publicKey } = await browser();
    const attester = webAuthnAttester(passkey(credentials, { id, publicKey, rpId: "weg.example" }), { verifier });
    expect(await attester.sign(typedData)).to.match(/^0x/);
    const [request] = requests;
    expect(request?.publicKey).to.deep.include({ userVerification: "required", rpId: "weg.example" });
    expect(request?.publicKey.allowCredentials).to.deep.equal([{ type: "public-key", id }]);
    expect(hexlify(request?.publicKey.challenge ?? "0x")).to.equal(typedData.digest);
  });

  for (const [circumstance, get] of [
    ["a user who cancels", () => Promise.reject(new DOMException("The operation was cancelled.", "NotAllowedError"))],
    ["a browser that has none", async () => null],
    ["a browser that answers a password", async () => ({ id: "x", type: "password" })],
  ] as const) {
    it(`of ${circumstance}: signer.refused`, async () => {
      const { publicKey } = await browser();
      const attester = webAuthnAttester(passkey({ get }, { id, publicKey }), { verifier });
      const error = await attester.sign(typedData).catch((caught: unknown) => caught);
      expect(isPassportError(error, "signer.refused")).to.equal(true);
    });
  }
});

describe("parseP256PublicKey", () => {
  it("of a key in SPKI form: x and y, as Node's own implementation has them", async () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    const point = Buffer.concat([Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
    expect(await parseP256PublicKey(publicKey.export({ format: "der", type: "spki" }))).to.equal(hexlify(point));
  });

  for (const [what, spki] of [
    ["another curve", generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey],
    ["RSA", generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey],
  ] as const) {
    it(`of a key of ${what}: input.invalid`, async () => {
      const error = await parseP256PublicKey(spki.export({ format: "der", type: "spki" })).catch(
        (caught: unknown) => caught,
      );
      expect(isPassportError(error, "input.invalid")).to.equal(true);
    });
  }

  for (const [what, spki] of [
    ["nothing, as of a browser that does not know the algorithm", null],
    ["64 bytes that are a bare key", createECDH("prime256v1").generateKeys().subarray(1)],
  ] as const) {
    it(`of ${what}: input.invalid`, async () => {
      const error = await parseP256PublicKey(spki).catch((caught: unknown) => caught);
      expect(isPassportError(error, "input.invalid")).to.equal(true);
    });
  }
});
