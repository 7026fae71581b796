import { expect } from "chai";
import { Wallet } from "ethers";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseAddress, parseBytes32, parseDigest } from "../primitives/hex.js";
import { type Attester, accountAttester } from "./attester.js";
import { signMessage } from "./sign-message.js";
import {
  parseSignedAcceptance,
  parseSignedAttestation,
  parseSignedCancellation,
  parseSignedLock,
  parseSignedOffer,
  typedDataOfSigned,
} from "./signed-message.js";
import {
  acceptanceTypedData,
  attestationTypedData,
  cancellationTypedData,
  lockTypedData,
  offerTypedData,
} from "./typed-data.js";

const passport = parseAddress("0x00000000000000000000000000000000000000aa");
const other = parseAddress("0x00000000000000000000000000000000000000bb");
const document = parseDigest(`0x${"12".repeat(32)}`);
const domain = { chainId: 31_337n, passport };
const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("a signed message", () => {
  let attester: Attester;

  before(async () => {
    attester = await accountAttester(new Wallet(`0x${"11".repeat(32)}`));
  });

  const signAttestation = (sequence = 0n, content?: string) =>
    signMessage(attester, {
      typedData: attestationTypedData({
        ...domain,
        eventType: eventTypeOf("MAINTAINED"),
        document,
        attester: attester.address,
        sequence,
        deadline: 1_900_000_000n,
      }),
      content,
    });

  it("parseSignedAttestation, through JSON: the same message, with its content, of the same typed data", async () => {
    const signed = await signAttestation(3n, '{"a":1}');
    const parsed = parseSignedAttestation(throughJson(signed));
    expect(parsed).to.deep.equal(signed);
    expect(parsed.content).to.equal('{"a":1}');
    expect(typedDataOfSigned(parsed).message.sequence).to.equal(3n);
  });

  it("every type, through JSON: the typed data that was signed", async () => {
    const expectedHead = parseBytes32(`0x${"34".repeat(32)}`);
    const deadline = 2n ** 200n;
    const acceptance = { newOwner: attester.address, document, offerNonce: 1n, expectedHead, deadline };
    const cases = [
      [parseSignedOffer, offerTypedData({ ...domain, newOwner: other, document, offerNonce: 1n, expiresAt: 5n })],
      [parseSignedCancellation, cancellationTypedData({ ...domain, offerNonce: 1n })],
      [parseSignedAcceptance, acceptanceTypedData({ ...domain, ...acceptance })],
      [parseSignedLock, lockTypedData({ ...domain, holder: other, until: 9n, document, sequence: 2n, deadline })],
    ] as const;
    for (const [parse, typedData] of cases) {
      const parsed = parse(throughJson(await signMessage(attester, { typedData })));
      expect(typedDataOfSigned(parsed), typedData.primaryType).to.deep.equal(typedData);
    }
  });

  for (const [circumstance, change, problem] of [
    ["of another type", { type: "Offer" }, "type"],
    ["with a number that is none", { chainId: "31337n" }, "chainId"],
    ["with a number beyond 256 bits", { chainId: "9".repeat(78) }, "chainId"],
    ["with a mistyped address", { passport: "0x70997970C51812dc3A010C7d01b50e0d17dc79c8" }, "passport"],
    ["in the name of somebody else than who signed", { attester: other }, "message.attester"],
    ["without a signature", { signature: undefined }, "signature"],
    ["with a property more", { note: "hello" }, "note"],
  ] as const) {
    it(`parseSignedAttestation, ${circumstance}: input.invalid, naming the field`, async () => {
      const signed = { ...(await signAttestation()), ...change };
      expect(() => parseSignedAttestation(throughJson(signed)))
        .to.throw("signed attestation is not valid")
        .with.property("message")
        .that.includes(problem);
    });
  }
});
