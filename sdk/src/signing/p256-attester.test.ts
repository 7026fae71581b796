import { createHash, createPrivateKey, createPublicKey, verify } from "node:crypto";
import { p256 } from "@noble/curves/nist.js";
import { expect } from "chai";
import { concat, dataSlice, getBytes, toBeHex, toBigInt } from "ethers";
import { isPassportError } from "../errors/passport-error.js";
import { parseAddress, parseBytes32, parseHex } from "../primitives/hex.js";
import { p256Attester, p256Key, p256Signer } from "./p256-attester.js";
import { attesterOfSigner } from "./passport-hashing.js";
import { cancellationTypedData } from "./typed-data.js";

const verifier = parseAddress("0x00000000000000000000000000000000000000cc");
const PRIVATE_KEY = `0x${"1f".repeat(32)}`;
const key = p256Key(PRIVATE_KEY);

const base64url = (hex: string): string => Buffer.from(getBytes(hex)).toString("base64url");
const coordinates = {
  x: base64url(dataSlice(key.publicKey, 0, 32)),
  y: base64url(dataSlice(key.publicKey, 32, 64)),
};

const typedDataNumber = (offerNonce: bigint) =>
  cancellationTypedData({
    chainId: 31_337n,
    passport: parseAddress("0x00000000000000000000000000000000000000aa"),
    offerNonce,
  });

const sOf = (signature: string): bigint => toBigInt(dataSlice(signature, 32, 64));

describe("p256Key", () => {
  it("of a private key: the public key that Node's own implementation derives", () => {
    const jwk = { kty: "EC", crv: "P-256", ...coordinates, d: base64url(PRIVATE_KEY) };
    const derived = createPublicKey(createPrivateKey({ key: jwk, format: "jwk" })).export({ format: "jwk" });
    expect(derived).to.include(coordinates);
  });

  for (const [circumstance, privateKey] of [
    ["zero", `0x${"00".repeat(32)}`],
    ["above the order", `0x${"ff".repeat(32)}`],
    ["too short", "0x1234"],
  ] as const) {
    it(`of a number that is ${circumstance}: input.invalid, which does not show it`, () => {
      expect(() => p256Key(privateKey))
        .to.throw("private key is not valid")
        .with.property("message")
        .that.does.not.include(privateKey);
    });
  }
});

describe("p256Signer", () => {
  it("of a key: the verifier, x and y", () => {
    const signer = p256Signer(key.publicKey, { verifier });
    expect(signer).to.equal(concat([verifier, key.publicKey]).toLowerCase());
    expect(signer).to.have.length(2 + 2 * 84);
  });

  it("of a point that is not on the curve: input.invalid", () => {
    const wrong = parseHex(`${key.publicKey.slice(0, -1)}${key.publicKey.endsWith("0") ? "1" : "0"}`);
    expect(() => p256Signer(wrong, { verifier })).to.throw("public key is not valid");
  });
});

describe("p256Attester", () => {
  it("attests under the address derived from its key", () => {
    const attester = p256Attester(key, { verifier });
    expect(attester.address).to.equal(attesterOfSigner(attester.signer));
  });

  it("signs the digest itself, with a low s, on whatever digest", async () => {
    const attester = p256Attester(key, { verifier });
    for (let offerNonce = 1n; offerNonce <= 16n; offerNonce++) {
      const { digest } = typedDataNumber(offerNonce);
      const signature = await attester.sign(typedDataNumber(offerNonce));
      expect(sOf(signature) <= p256.Point.Fn.ORDER / 2n).to.equal(true);
      const publicKey = getBytes(concat(["0x04", key.publicKey]));
      expect(p256.verify(getBytes(signature), getBytes(digest), publicKey, { prehash: false })).to.equal(true);
    }
  });

  it("of a secure element that answers with a high s: the same signature with the low one", async () => {
    const highS = async (digest: ReturnType<typeof parseBytes32>) => {
      const signature = await key.signDigest(digest);
      const s = sOf(signature);
      const order = p256.Point.Fn.ORDER;
      const high = s > order / 2n ? s : order - s;
      return parseHex(concat([dataSlice(signature, 0, 32), toBeHex(high, 32)]));
    };
    const typedData = typedDataNumber(1n);
    const element = p256Attester({ publicKey: key.publicKey, signDigest: highS }, { verifier });
    expect(await element.sign(typedData)).to.equal(await p256Attester(key, { verifier }).sign(typedData));
  });

  it("of a device that hashes the digest once more: signer.refused, before anybody pays for it", async () => {
    const hashing = async (digest: ReturnType<typeof parseBytes32>) =>
      parseHex(`0x${Buffer.from(p256.sign(getBytes(digest), getBytes(PRIVATE_KEY))).toString("hex")}`);
    const attester = p256Attester({ publicKey: key.publicKey, signDigest: hashing }, { verifier });
    const error = await attester.sign(typedDataNumber(1n)).catch((caught: unknown) => caught);
    expect(isPassportError(error, "signer.refused")).to.equal(true);
  });

  it("signatures of a pre-hashed message: accepted by Node's own implementation", async () => {
    // Node can only hash by itself, so it verifies sha256(message) as the digest.
    const message = Buffer.from("an independent implementation");
    const digest = parseBytes32(`0x${createHash("sha256").update(message).digest("hex")}`);
    const signature = Buffer.from(getBytes(await key.signDigest(digest)));
    const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", ...coordinates }, format: "jwk" });
    expect(verify("sha256", message, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature)).to.equal(true);
  });
});
