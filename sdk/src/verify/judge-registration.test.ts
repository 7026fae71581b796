import { expect } from "chai";
import { keccak256 } from "ethers";
import fc from "fast-check";
import { parseBytes32, parseHex } from "../primitives/hex.js";
import { cloneCode, predictPassportAddress } from "../signing/passport-clone.js";
import {
  addressOf,
  evidenceOf,
  gathered,
  IMPLEMENTATION,
  LISTED_FACTORY,
  MANAGER,
  MOTOR,
  OUTAGE,
} from "./honest-evidence.test.js";
import { judgeRegistration } from "./judge-registration.js";

const honest = evidenceOf();
const registration = honest.registration.value;
const withRegistration = (change: Partial<typeof registration>) => ({
  ...honest,
  registration: gathered({ ...registration, ...change }),
});
const clone = { implementation: IMPLEMENTATION, manager: MANAGER, productId: MOTOR.productId };

/** A passport of another product identifier, else made and registered as an honest one. */
const passportNamed = (productId: string) => {
  const passport = predictPassportAddress({ ...clone, productId, factory: LISTED_FACTORY.factory });
  return {
    passport,
    code: cloneCode({ ...clone, productId }),
    registration: gathered({ ...registration, registered: passport }),
  };
};

describe("judgeRegistration", () => {
  it("of a registered passport, is valid and says who made it", () => {
    const verdict = judgeRegistration(honest);
    expect(verdict.code).to.equal("registration.proven");
    expect(verdict.details).to.include({
      ...clone,
      factory: LISTED_FACTORY.factory,
      namespace: "https://id.weg.example/",
    });
  });

  it("of a registered passport, accepts the product and the code hash that the caller expects", () => {
    const expectation = { productId: MOTOR.productId, implementationCodeHash: LISTED_FACTORY.recordedCodeHash };
    expect(judgeRegistration(honest, expectation).status).to.equal("valid");
  });

  it("without a pinned registry, is unknown, and still says what the code says", () => {
    const verdict = judgeRegistration({ ...honest, registration: undefined });
    expect(verdict).to.include({ status: "unknown", code: "registration.registry-not-pinned" });
    expect(verdict.details).to.deep.equal(clone);
  });

  it("in an outage, is unknown with the error's code", () => {
    expect(judgeRegistration({ ...honest, registration: OUTAGE })).to.include({
      status: "unknown",
      code: "chain.unreachable",
    });
  });

  const attacks = {
    "an account without code": [{ ...honest, code: parseHex("0x") }, "no-passport"],
    "a contract of the attacker's own": [{ ...honest, code: parseHex("0x6080604052") }, "code-foreign"],
    "a proxy that adds code in front": [{ ...honest, code: parseHex(`0x60${honest.code.slice(2)}`) }, "code-foreign"],
    "a clone of the attacker's implementation": [
      { ...honest, code: cloneCode({ ...clone, implementation: addressOf("evil") }) },
      "factory-foreign",
    ],
    "a clone with the attacker's manager": [
      { ...honest, code: cloneCode({ ...clone, manager: addressOf("evil") }) },
      "factory-foreign",
    ],
    "a clone with another product": [
      { ...honest, code: cloneCode({ ...clone, productId: `${MOTOR.productId}2` }) },
      "factory-foreign",
    ],
    "the right code at another address": [{ ...honest, passport: addressOf("elsewhere") }, "factory-foreign"],
    "a factory that the registry does not list": [withRegistration({ factories: [] }), "factory-foreign"],
    "a factory that would have deployed to another address": [
      withRegistration({ factories: [{ ...LISTED_FACTORY, factory: addressOf("evil") }] }),
      "factory-foreign",
    ],
    "an implementation whose code was replaced": [
      withRegistration({ implementationCodeHash: parseBytes32(keccak256("0x6080604053")) }),
      "implementation-changed",
    ],
    "an implementation without code": [
      withRegistration({ implementationCodeHash: parseBytes32(keccak256("0x")) }),
      "implementation-changed",
    ],
    "a copy of a registered passport": [withRegistration({ registered: addressOf("original") }), "other-passport"],
    "a passport that was never registered": [withRegistration({ registered: undefined }), "not-issued"],
    "a manager that was never admitted": [withRegistration({ namespace: undefined }), "manager-foreign"],
    "a product outside the manufacturer's namespace": [
      withRegistration({ namespace: "https://id.weg.example.evil/" }),
      "namespace-foreign",
    ],
    "an identifier that is not in its normal form": [
      passportNamed("https://id.weg.example/01/09521234543213/21/%41"),
      "identifier-invalid",
    ],
    "an identifier with a wrong check digit": [
      passportNamed("https://id.weg.example/01/09521234543210/21/1"),
      "identifier-invalid",
    ],
  } as const;
  for (const [attack, [evidence, problem]] of Object.entries(attacks)) {
    it(`of ${attack}, is invalid`, () => {
      expect(judgeRegistration(evidence)).to.include({ status: "invalid", code: `registration.${problem}` });
    });
  }

  it("of another product than the one in front of the caller, is invalid", () => {
    const verdict = judgeRegistration(honest, { productId: `${MOTOR.productId}2` });
    expect(verdict).to.include({ status: "invalid", code: "registration.other-product" });
  });

  it("of other code than the caller expects, is invalid although the registry recorded it", () => {
    const verdict = judgeRegistration(honest, { implementationCodeHash: parseBytes32(keccak256("0x00")) });
    expect(verdict).to.include({ status: "invalid", code: "registration.implementation-foreign" });
  });

  it("of code of which any byte was changed or the end cut off, is never valid", () => {
    const bytes = Buffer.from(honest.code.slice(2), "hex");
    const change = fc.record({
      index: fc.nat({ max: bytes.length - 1 }),
      mask: fc.integer({ min: 1, max: 255 }),
      length: fc.integer({ min: 0, max: bytes.length }),
    });
    fc.assert(
      fc.property(change, ({ index, mask, length }) => {
        const changed = bytes.map((byte, position) => (position === index ? byte ^ mask : byte)).subarray(0, length);
        const code = parseHex(`0x${Buffer.from(changed).toString("hex")}`);
        expect(judgeRegistration({ ...honest, code }).status).to.equal("invalid");
      }),
    );
  });
});
