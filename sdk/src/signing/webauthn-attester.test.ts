import { p256 } from "@noble/curves/nist.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect } from "chai";
import { AbiCoder, concat, getBytes, toBeHex } from "ethers";
import { isPassportError } from "../errors/passport-error.js";
import { parseAddress } from "../primitives/hex.js";
import { p256Key, p256Signer } from "./p256-attester.js";
import { cancellationTypedData } from "./typed-data.js";
import { type WebAuthnAssertion, webAuthnAttester } from "./webauthn-attester.js";

const verifier = parseAddress("0x00000000000000000000000000000000000000cc");
const PRIVATE_KEY = `0x${"1f".repeat(32)}`;
const { publicKey } = p256Key(PRIVATE_KEY);
const typedData = cancellationTypedData({
  chainId: 31_337n,
  passport: parseAddress("0x00000000000000000000000000000000000000aa"),
  offerNonce: 1n,
});

/** What a device makes of a challenge; honest where a test does not change it. */
interface Device {
  readonly flags?: number;
  readonly dataLength?: number;
  readonly clientData?: (challenge: string) => string;
  readonly privateKey?: string;
  readonly signature?: (der: Uint8Array) => Uint8Array;
}

const assertionOf = (challenge: Uint8Array, device: Device): WebAuthnAssertion => {
  const { flags = 0x05, dataLength = 37, clientData = honestClientData, privateKey = PRIVATE_KEY } = device;
  const authenticatorData = getBytes(
    concat([sha256(new TextEncoder().encode("id.weg.example")), toBeHex(flags, 1), "0x00000001"]),
  ).slice(0, dataLength);
  const clientDataJSON = new TextEncoder().encode(clientData(Buffer.from(challenge).toString("base64url")));
  const signed = getBytes(concat([authenticatorData, sha256(clientDataJSON)]));
  const der = p256.sign(signed, getBytes(privateKey), { format: "der" });
  return { authenticatorData, clientDataJSON, signature: device.signature?.(der) ?? der };
};

const honestClientData = (challenge: string): string =>
  `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://id.weg.example","crossOrigin":false}`;

const attesterWith = (device: Device) =>
  webAuthnAttester({ publicKey, assert: async (challenge) => assertionOf(challenge, device) }, { verifier });

const decode = (signature: string) =>
  AbiCoder.defaultAbiCoder().decode(["bytes32", "bytes32", "uint256", "uint256", "bytes", "string"], signature);

const malleated = (der: Uint8Array): Uint8Array => {
  const { r, s } = p256.Signature.fromBytes(der, "der");
  return new p256.Signature(r, p256.Point.Fn.neg(s)).toBytes("der");
};

describe("webAuthnAttester", () => {
  it("attests under the address derived from the verifier and the key", () => {
    expect(attesterWith({}).signer).to.equal(p256Signer(publicKey, { verifier }));
  });

  it("encodes what the device answered, and where type and challenge stand in it", async () => {
    const [, , challengeIndex, typeIndex, , clientDataJSON] = decode(await attesterWith({}).sign(typedData));
    const challenge = Buffer.from(getBytes(typedData.digest)).toString("base64url");
    expect(clientDataJSON.slice(Number(challengeIndex))).to.match(new RegExp(`^"challenge":"${challenge}"`));
    expect(clientDataJSON.slice(Number(typeIndex))).to.match(/^"type":"webauthn.get"/);
  });

  it("counts the positions in bytes, where the client data has others than ASCII", async () => {
    const clientData = (challenge: string) => `{"motor":"é","type":"webauthn.get","challenge":"${challenge}"}`;
    const [, , challengeIndex, , , clientDataJSON] = decode(await attesterWith({ clientData }).sign(typedData));
    expect(Buffer.from(clientDataJSON).subarray(Number(challengeIndex)).toString()).to.match(/^"challenge":"/);
  });

  it("of a device that answers with a high s: the same signature with the low one", async () => {
    // Deterministic signatures, so the two devices differ in nothing else.
    expect(await attesterWith({ signature: malleated }).sign(typedData)).to.equal(
      await attesterWith({}).sign(typedData),
    );
  });

  it("of a synchronised passkey: signs", async () => {
    expect(await attesterWith({ flags: 0x1d }).sign(typedData)).to.match(/^0x/);
  });

  const refusals: readonly (readonly [string, Device, string])[] = [
    ["holds another key", { privateKey: `0x${"2f".repeat(32)}` }, "does not fit its key"],
    ["signs another challenge", { clientData: () => honestClientData("A".repeat(43)) }, "another challenge"],
    [
      "signs a longer challenge that begins alike",
      { clientData: (challenge) => honestClientData(`${challenge}AA`) },
      "another challenge",
    ],
    [
      "registers a key instead of asserting",
      { clientData: (challenge) => honestClientData(challenge).replace("webauthn.get", "webauthn.create") },
      "no assertion",
    ],
    ["did not find its user present", { flags: 0x04 }, "present"],
    ["did not verify its user", { flags: 0x01 }, "PIN or biometrics"],
    ["says that it is backed up and cannot be", { flags: 0x15 }, "backed up"],
    ["answers too short data", { dataLength: 36 }, "too short"],
    ["answers no data", { dataLength: 0 }, "too short"],
    ["answers a signature that is no DER", { signature: () => new Uint8Array(64) }, ""],
  ];
  for (const [circumstance, device, problem] of refusals) {
    it(`of a device that ${circumstance}: signer.refused, before anybody pays for it`, async () => {
      const error = await attesterWith(device)
        .sign(typedData)
        .catch((caught: unknown) => caught);
      expect(isPassportError(error, "signer.refused")).to.equal(true);
      expect(String(error)).to.include(problem);
    });
  }
});
