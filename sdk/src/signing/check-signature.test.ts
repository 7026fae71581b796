import { expect } from "chai";
import { hexlify, Wallet } from "ethers";
import { type Hex, parseAddress, parseBytes27, parseBytes32, parseHex } from "../primitives/hex.js";
import { type Attester, accountAttester } from "./attester.js";
import { checkSignature } from "./check-signature.js";
import { p256Attester, p256Key } from "./p256-attester.js";
import { attesterOfSigner } from "./passport-hashing.js";
import { pairingTypedData } from "./typed-data.js";
import { webCryptoKey } from "./web-crypto-key.js";
import { webAuthnAttester } from "./webauthn-attester.js";

const ADDRESS = parseAddress("0x000000000000000000000000000000000000a11c");
const key = p256Key(`0x${"11".repeat(32)}`);
const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
const typedData = (gateway: Attester) =>
  pairingTypedData({
    chainId: 1n,
    readingsAnchor: ADDRESS,
    passport: ADDRESS,
    gateway: gateway.address,
    batchSequence: 0n,
    batchHead: parseBytes27(`0x${"00".repeat(27)}`),
  });
const attesters: readonly (readonly [string, Attester])[] = [
  ["an account", await accountAttester(new Wallet(`0x${"33".repeat(32)}`))],
  ["a P-256 key", p256Attester(key, { verifier: ADDRESS })],
  [
    "a key that signs as a passkey",
    webAuthnAttester(await webCryptoKey(pair, { origin: "https://plant.example", verifyUser: async () => {} }), {
      verifier: ADDRESS,
    }),
  ],
];

const flip = (bytes: Hex, place: number): Hex => {
  const changed = Buffer.from(bytes.slice(2), "hex");
  changed[place] = (changed[place] ?? 0) ^ 1;
  return parseHex(hexlify(changed));
};

describe("checkSignature", () => {
  for (const [who, attester] of attesters) {
    it(`of ${who}, knows the right signature, and no other digest`, async () => {
      const { digest, ...rest } = typedData(attester);
      const signature = await attester.sign({ ...rest, digest });
      const claim = { attester: attester.address, signer: attester.signer, digest, signature };
      expect(checkSignature(claim)).to.equal("right");
      const other = parseBytes32(`0x${"ab".repeat(32)}`);
      expect(checkSignature({ ...claim, digest: other })).to.not.equal("right");
      expect(checkSignature({ ...claim, signature: parseHex("0x") })).to.not.equal("right");
      // r and s; what an encoding pads with, nobody reads.
      for (let place = 0; place < 64; place++) {
        expect(checkSignature({ ...claim, signature: flip(signature, place) }), `byte ${place}`).to.not.equal("right");
      }
    });
  }

  it("of an account whose signature does not fit, leaves open whether a wallet would accept it", () => {
    const [, account] = attesters[0] ?? [];
    if (account === undefined) throw new Error("there is one");
    const { address, signer } = account;
    const { digest } = typedData(account);
    const claim = { attester: address, signer, digest, signature: parseHex(`0x${"1b".repeat(65)}`) };
    expect(checkSignature(claim)).to.equal("unknown");
  });

  it("of a key that belongs to another address, is wrong; of a key of another kind, unknown", async () => {
    const signer = parseHex(`0x${"12".repeat(30)}`);
    const digest = parseBytes32(`0x${"ab".repeat(32)}`);
    const claim = { signer, digest, signature: parseHex(`0x${"01".repeat(64)}`) };
    expect(checkSignature({ ...claim, attester: ADDRESS })).to.equal("wrong");
    expect(checkSignature({ ...claim, attester: attesterOfSigner(signer) })).to.equal("unknown");
  });
});
