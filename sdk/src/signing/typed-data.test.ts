import { expect } from "chai";
import fc from "fast-check";
import { hashTypedData, parseAbiParameters } from "viem";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseAddress, parseBytes27, parseBytes32, parseDigest } from "../primitives/hex.js";
import {
  acceptanceTypedData,
  attestationTypedData,
  batchTypedData,
  cancellationTypedData,
  lockTypedData,
  offerTypedData,
  pairingTypedData,
  type TypedData,
  unpairingTypedData,
} from "./typed-data.js";

const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => parseAddress(`0x${Buffer.from(bytes).toString("hex")}`));
const bytes32 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => parseBytes32(`0x${Buffer.from(bytes).toString("hex")}`));
const bytes27 = bytes32.map((bytes) => parseBytes27(bytes.slice(0, 56)));
const digest = bytes32.map((bytes) => parseDigest(bytes));
const uint256 = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const chainId = fc.bigInt({ min: 1n, max: 2n ** 53n });
const domain = { chainId, passport: address };
const position = {
  chainId,
  readingsAnchor: address,
  passport: address,
  gateway: address,
  batchSequence: uint256,
  batchHead: bytes27,
};

/** The types as the contract's PassportHashing spells them, for an implementation that is not ours. */
const SOLIDITY_TYPES = {
  Attestation: "bytes32 eventType,bytes32 document,address attester,uint256 sequence,uint256 deadline",
  Offer: "address newOwner,bytes32 document,uint256 offerNonce,uint256 expiresAt",
  Cancel: "uint256 offerNonce",
  Accept: "address newOwner,bytes32 document,uint256 offerNonce,bytes32 expectedHead,uint256 deadline",
  Lock: "address holder,uint256 until,bytes32 document,uint256 sequence,uint256 deadline",
  Batch:
    "address gateway,uint256 sequence,bytes27 previousHead,bytes32 root,uint256 count,uint256 from,uint256 to,bytes32 document",
  Pairing: "address passport,address gateway,uint256 batchSequence,bytes27 batchHead",
  Unpairing: "address passport,address gateway,uint256 batchSequence,bytes27 batchHead",
};

const hashWithViem = ({ domain, primaryType, message }: TypedData): string =>
  hashTypedData({
    domain: { ...domain },
    types: {
      [primaryType]: parseAbiParameters(SOLIDITY_TYPES[primaryType]).map(({ name = "", type }) => ({ name, type })),
    },
    primaryType,
    message: { ...message },
  });

describe("typed data", () => {
  const builders = {
    attestationTypedData: fc
      .record({
        ...domain,
        eventType: fc.constantFrom("MAINTAINED", "STOLEN").map((name) => eventTypeOf(name)),
        document: digest,
        attester: address,
        sequence: uint256,
        deadline: uint256,
      })
      .map(attestationTypedData),
    offerTypedData: fc
      .record({ ...domain, newOwner: address, document: digest, offerNonce: uint256, expiresAt: uint256 })
      .map(offerTypedData),
    cancellationTypedData: fc.record({ ...domain, offerNonce: uint256 }).map(cancellationTypedData),
    acceptanceTypedData: fc
      .record({
        ...domain,
        newOwner: address,
        document: digest,
        offerNonce: uint256,
        expectedHead: bytes32,
        deadline: uint256,
      })
      .map(acceptanceTypedData),
    lockTypedData: fc
      .record({ ...domain, holder: address, until: uint256, document: digest, sequence: uint256, deadline: uint256 })
      .map(lockTypedData),
    batchTypedData: fc
      .record({
        chainId,
        readingsAnchor: address,
        gateway: address,
        sequence: uint256,
        previousHead: bytes27,
        root: bytes32,
        count: uint256,
        from: uint256,
        to: uint256,
        document: digest,
      })
      .map(batchTypedData),
    pairingTypedData: fc.record(position).map(pairingTypedData),
    unpairingTypedData: fc.record(position).map(unpairingTypedData),
  } satisfies Record<string, fc.Arbitrary<TypedData>>;

  for (const [name, typedData] of Object.entries(builders)) {
    it(`${name}, any values: the digest of viem's implementation`, () => {
      fc.assert(
        fc.property<[TypedData]>(typedData, (data) => {
          expect(data.digest).to.equal(hashWithViem(data));
        }),
        { numRuns: 50 },
      );
    });
  }

  it("pairingTypedData and unpairingTypedData, same position, have different digests", () => {
    fc.assert(
      fc.property(fc.record(position), (options) => {
        expect(pairingTypedData(options).digest).not.to.equal(unpairingTypedData(options).digest);
      }),
      { numRuns: 20 },
    );
  });

  it("attestationTypedData, options with further properties: only those of the message are in it", () => {
    const options = {
      chainId: 1n,
      passport: parseAddress("0x00000000000000000000000000000000000000aa"),
      offerNonce: 7n,
    };
    expect(cancellationTypedData(options).message).to.deep.equal({ offerNonce: 7n });
  });
});
