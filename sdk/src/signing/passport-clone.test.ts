import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import * as z from "zod";
import { parseAddress, parseHex } from "../primitives/hex.js";
import { cloneCode, parseCloneCode, predictPassportAddress } from "./passport-clone.js";

const addressField = z.string().transform((text) => parseAddress(text));
const cloneVector = z.object({
  factory: addressField,
  implementation: addressField,
  manager: addressField,
  productId: z.string(),
  code: z.string(),
  passport: z.string(),
});
const { clones } = z
  .object({ clones: z.tuple([cloneVector], cloneVector) })
  .parse(JSON.parse(readFileSync(new URL("../../../test/vectors/hashing.json", import.meta.url), "utf8")));

const [motor] = clones;

describe("cloneCode", () => {
  it("of the vectors, equals the independent implementation's", () => {
    for (const { code, ...clone } of clones) expect(cloneCode(clone)).to.equal(code);
  });
});

describe("predictPassportAddress", () => {
  it("of the vectors, equals the independent implementation's", () => {
    for (const { passport, ...clone } of clones) expect(predictPassportAddress(clone)).to.equal(passport);
  });
});

describe("parseCloneCode", () => {
  it("of a passport's code, returns what the code was made of", () => {
    for (const { implementation, manager, productId, code } of clones) {
      expect(parseCloneCode(parseHex(code))).to.deep.equal({ implementation, manager, productId });
    }
  });

  it("of code that was cut off, never returns the passport", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: (motor.code.length - 2) / 2 - 1 }), (length) => {
        const parsed = parseCloneCode(parseHex(motor.code.slice(0, 2 + 2 * length)));
        expect(parsed?.productId).not.to.equal(motor.productId);
      }),
    );
  });

  it("of code that differs in one byte, never returns the passport", () => {
    const bytes = Buffer.from(motor.code.slice(2), "hex");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const changed = Uint8Array.from(bytes, (byte, position) => (position === index ? byte ^ mask : byte));
        const parsed = parseCloneCode(parseHex(`0x${Buffer.from(changed).toString("hex")}`));
        const { implementation, manager, productId } = motor;
        expect(parsed).not.to.deep.equal({ implementation, manager, productId });
      }),
    );
  });

  it("of no code, of other code and of a clone without a product, returns nothing", () => {
    expect(parseCloneCode(parseHex("0x"))).to.equal(undefined);
    expect(parseCloneCode(parseHex("0x6080604052"))).to.equal(undefined);
    expect(parseCloneCode(cloneCode({ ...motor, productId: "" }))).to.equal(undefined);
  });

  it("of a product identifier longer than the registry accepts, returns nothing", () => {
    expect(parseCloneCode(cloneCode({ ...motor, productId: "x".repeat(256) }))).not.to.equal(undefined);
    for (const length of [257, 70_000]) {
      expect(parseCloneCode(cloneCode({ ...motor, productId: "x".repeat(length) })), `${length}`).to.equal(undefined);
    }
  });

  it("of a product identifier with invisible or foreign characters, returns nothing", () => {
    for (const productId of ["https://id.weg.example/a b", "https://id.weg.example/\u00fc", "a\u0000"]) {
      expect(parseCloneCode(cloneCode({ ...motor, productId })), productId).to.equal(undefined);
    }
  });
});
