import { expect } from "chai";
import fc from "fast-check";
import { isPassportError } from "../errors/passport-error.js";
import { gs1CheckDigit } from "../primitives/gs1-check-digit.js";
import { buildProductId } from "./build-product-id.js";
import { parseProductId } from "./parse-product-id.js";

const NAMESPACE = "https://id.weg.example/";
const CSET_82 = [..."!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"];

const value = fc
  .string({ unit: fc.constantFrom(...CSET_82), minLength: 1, maxLength: 20 })
  .filter((text) => text !== "." && text !== "..");
const gtin = fc
  .tuple(fc.constantFrom(7, 11, 12, 13), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 13, maxLength: 13 }))
  .map(([length, digits]) => digits.slice(0, length).join(""))
  .map((digits) => digits + gs1CheckDigit(digits));

describe("buildProductId", () => {
  it("of a short GTIN, puts zeros in front", () => {
    expect(buildProductId(NAMESPACE, { gtin: "9521234543213" })).to.equal(`${NAMESPACE}01/09521234543213`);
  });

  it("of any product, builds what parseProductId reads back", () => {
    const product = fc.record({ gtin, variant: value, lot: value, serial: value }, { requiredKeys: ["gtin"] });
    fc.assert(
      fc.property(product, (built) => {
        const read = parseProductId(buildProductId(NAMESPACE, built));
        expect(read).to.include({ ...built, gtin: built.gtin.padStart(14, "0"), scheme: "gs1-digital-link" });
      }),
    );
  });

  for (const [circumstance, product, code] of [
    ["a wrong check digit", { gtin: "9521234543214" }, "identifier.check-digit"],
    ["a GTIN of 9 digits", { gtin: "123456789" }, "input.invalid"],
    ["an empty serial number", { gtin: "9521234543213", serial: "" }, "input.invalid"],
    ["a serial number of 21 characters", { gtin: "9521234543213", serial: "1".repeat(21) }, "input.invalid"],
    ["a serial number that is a step in a path", { gtin: "9521234543213", serial: "." }, "input.invalid"],
    ["a lot that would take the lot away", { gtin: "9521234543213", lot: "..", serial: "A" }, "input.invalid"],
    ["a character that GS1 does not allow", { gtin: "9521234543213", serial: "ä" }, "input.invalid"],
  ] as const)
    it(`of ${circumstance}, refuses`, () => {
      expect(() => buildProductId(NAMESPACE, product))
        .to.throw()
        .satisfies((error: unknown) => isPassportError(error, code));
    });

  it("in a namespace that is none, refuses", () => {
    expect(() => buildProductId("https://id.weg.example", { gtin: "9521234543213" })).to.throw("is not a namespace");
  });
});
