import { verify } from "node:crypto";
import { expect } from "chai";
import { concat, getBytes, sha256, toUtf8Bytes } from "ethers";
import { isPassportError } from "../errors/passport-error.js";
import { type WebCryptoKeyPair, webCryptoKey } from "./web-crypto-key.js";

const ECDSA_P256 = { name: "ECDSA", namedCurve: "P-256" };
const challenge = new Uint8Array(32).fill(7);
const origin = "https://service.example";
const verifyUser = async (): Promise<void> => {};

const generate = (algorithm = ECDSA_P256, extractable = false): Promise<WebCryptoKeyPair> =>
  crypto.subtle.generateKey(algorithm, extractable, ["sign"]);

describe("webCryptoKey", () => {
  it("signs as an authenticator does, says where, and that its user was verified", async () => {
    const pair = await generate();
    const { authenticatorData, clientDataJSON, signature } = await (
      await webCryptoKey(pair, { origin, verifyUser })
    ).assert(challenge);
    expect(JSON.parse(new TextDecoder().decode(clientDataJSON))).to.deep.equal({
      type: "webauthn.get",
      challenge: Buffer.from(challenge).toString("base64url"),
      origin,
      crossOrigin: false,
    });
    // Present and verified; neither backed up nor able to be.
    expect(authenticatorData).to.deep.equal(
      getBytes(concat([sha256(toUtf8Bytes("service.example")), "0x05", "0x00000000"])),
    );
    const spki = Buffer.from(await crypto.subtle.exportKey("spki", pair.publicKey));
    const signed = getBytes(concat([authenticatorData, sha256(clientDataJSON)]));
    expect(verify("sha256", signed, { key: spki, format: "der", type: "spki" }, signature)).to.equal(true);
  });

  it("whose user is not verified: signs nothing, with the reason", async () => {
    const key = await webCryptoKey(await generate(), {
      origin,
      verifyUser: () => Promise.reject(new Error("wrong PIN")),
    });
    const error = await key.assert(challenge).catch((caught: unknown) => caught);
    expect(String(error)).to.include("wrong PIN");
  });

  it("verifies its user anew for each signature", async () => {
    let asked = 0;
    const key = await webCryptoKey(await generate(), {
      origin,
      verifyUser: async () => {
        asked++;
      },
    });
    await key.assert(challenge);
    await key.assert(challenge);
    expect(asked).to.equal(2);
  });

  for (const [circumstance, makePair, where] of [
    ["a key that can be extracted, and so copied", () => generate(ECDSA_P256, true), origin],
    ["another curve", () => generate({ name: "ECDSA", namedCurve: "P-384" }), origin],
    ["an address with a path for its origin", () => generate(), `${origin}/sign`],
    ["no address for its origin", () => generate(), "service"],
  ] as const) {
    it(`with ${circumstance}: input.invalid`, async () => {
      const pair = await makePair();
      const error = await webCryptoKey(pair, { origin: where, verifyUser }).catch((caught: unknown) => caught);
      expect(isPassportError(error, "input.invalid")).to.equal(true);
    });
  }
});
