import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import type { ErrorCode } from "../errors/error-catalogue.js";
import { isPassportError } from "../errors/passport-error.js";
import { parseNamespace } from "./parse-namespace.js";
import { normaliseProductId, parseProductId } from "./parse-product-id.js";

const MODEL = "https://id.weg.example/01/09521234543213";

function readVectors(name: string) {
  return JSON.parse(readFileSync(new URL(`../../../test/vectors/gs1/${name}.json`, import.meta.url), "utf8"));
}

function expectRefusal(productId: unknown, code: ErrorCode, options?: Parameters<typeof parseProductId>[1]) {
  return expect(() => parseProductId(productId, options), String(productId))
    .to.throw()
    .satisfies((error: unknown) => isPassportError(error, code));
}

describe("parseProductId", () => {
  it("reads the GTIN alone as a model", () => {
    expect(parseProductId(MODEL)).to.deep.equal({
      scheme: "gs1-digital-link",
      productId: MODEL,
      granularity: "model",
      gtin: "09521234543213",
    });
  });

  it("reads variant, lot and serial number, and takes the finest as granularity", () => {
    const parsed = parseProductId(`${MODEL}/22/2A/10/LOT-7/21/W22%2F0001`);
    expect(parsed).to.include({ granularity: "item", variant: "2A", lot: "LOT-7", serial: "W22/0001" });
    expect(parseProductId(`${MODEL}/10/LOT-7`)).to.include({ granularity: "batch", lot: "LOT-7" });
    expect(parseProductId(`${MODEL}/22/2A`)).to.include({ granularity: "model", variant: "2A" });
  });

  it("reads a serial number that looks like an application identifier", () => {
    expect(parseProductId(`${MODEL}/21/01`)).to.include({ granularity: "item", serial: "01" });
  });

  it("reads a GTIN behind a path", () => {
    expect(parseProductId("https://weg.example/products/01/09521234543213")).to.include({ gtin: "09521234543213" });
  });

  it("takes another https URL as it is and claims no granularity", () => {
    const productId = "https://id.other.example/motors/4711";
    expect(parseProductId(productId)).to.deep.equal({ scheme: "url", productId, granularity: "unknown" });
  });

  for (const key of readVectors("linters").csum.invalid.filter((value: string) => /^\d{14}$/.test(value))) {
    it(`refuses the GTIN ${key}, as GS1's own linter does`, () => {
      expectRefusal(`https://id.weg.example/01/${key}`, "identifier.check-digit");
    });
  }

  it("names the right check digit", () => {
    expect(() => parseProductId("https://id.weg.example/01/09521234543214")).to.throw(
      "09521234543214 ends in the check digit 4, but 3 is right",
    );
  });

  for (const [circumstance, productId] of [
    ["a GTIN of 13 digits", "https://id.weg.example/01/9521234543213"],
    ["a GTIN with a letter O", "https://id.weg.example/01/O9521234543213"],
    ["a serial number before the lot", `${MODEL}/21/1/10/2`],
    ["a lot twice", `${MODEL}/10/1/10/2`],
    ["a lot without a value", `${MODEL}/10`],
    ["an application identifier that does not belong to a GTIN", `${MODEL}/17/261231`],
    ["a serial number of 21 characters", `${MODEL}/21/${"1".repeat(21)}`],
    ["a serial number with a character GS1 does not allow", `${MODEL}/21/a%20b`],
    ["a serial number outside ASCII", `${MODEL}/21/%C3%A9`],
    ["data attributes in a query", `${MODEL}?17=261231`],
    ["a trailing slash", `${MODEL}/`],
  ] as const) {
    it(`refuses ${circumstance}`, () => expectRefusal(productId, "identifier.invalid"));
  }

  it("refuses an identifier that is not in its normal form, and names both", () => {
    const productId = `${MODEL}/21/A+1`;
    expectRefusal(productId, "identifier.not-normalised");
    expect(() => parseProductId(productId)).to.throw(`${productId} is not in its normal form ${MODEL}/21/A%2B1`);
  });

  it("refuses an identifier outside the manufacturer's namespace", () => {
    const namespace = parseNamespace("https://id.weg.example/");
    expect(parseProductId(MODEL, { namespace }).productId).to.equal(MODEL);
    expectRefusal("https://id.weg.example.evil.example/01/09521234543213", "identifier.foreign-namespace", {
      namespace,
    });
  });

  it("refuses what is no text", () => {
    for (const input of [undefined, null, 7, {}, new URL(MODEL)]) expectRefusal(input, "input.invalid");
  });
});

describe("normaliseProductId", () => {
  it("writes every character of a value as GS1 does", () => {
    expect(normaliseProductId(`${MODEL}/21/%41!'()*,:;=&%22`)).to.equal(
      `${MODEL}/21/A%21%27%28%29%2A%2C%3A%3B%3D%26%22`,
    );
  });

  it("accepts exactly the values GS1's own linter accepts", () => {
    const { valid, invalid } = readVectors("linters").cset82;
    const fitting = (value: string) => value.length >= 1 && value.length <= 20 && !/^\.{1,2}$/.test(value);
    for (const value of valid.filter(fitting)) {
      expect(parseProductId(normaliseProductId(`${MODEL}/21/${encodeURIComponent(value)}`))).to.include({
        serial: value,
      });
    }
    for (const value of invalid.filter((text: string) => fitting(text) && !/^\\x/.test(text))) {
      expect(() => normaliseProductId(`${MODEL}/21/${encodeURIComponent(value)}`), value).to.throw();
    }
  });

  it("agrees with the URIs that GS1's own engine writes", () => {
    const rows: { aiData: string; stem: string | null; uri: string | null }[] = readVectors("digital-link-uris");
    const ours = rows.filter(({ uri }) => uri !== null && /^https:\/\/[^/]+\/01\/[^?]*$/.test(uri));
    expect(ours).to.have.length.above(3);
    for (const { uri } of ours) expect(normaliseProductId(uri ?? "")).to.equal(uri);
  });

  it("refuses what is short enough only until it is encoded", () => {
    const productId = `https://id.weg.example/${"a".repeat(190)}/01/09521234543213/21/${"!".repeat(20)}`;
    expect(productId.length).to.be.below(257);
    expect(() => normaliseProductId(productId)).to.throw("its normal form is longer than 256 bytes");
  });

  it("is the identity on its own results, which parseProductId accepts", () => {
    const value = fc.string({ unit: fc.constantFrom(..."aZ09-._~!\"%&'()*+,/:;<=>?"), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(value, value, (lot, serial) => {
        fc.pre(![lot, serial].some((text) => /^\.{1,2}$/.test(text) || text.includes("~")));
        const productId = normaliseProductId(`${MODEL}/10/${encodeURIComponent(lot)}/21/${encodeURIComponent(serial)}`);
        expect(normaliseProductId(productId)).to.equal(productId);
        expect(parseProductId(productId)).to.include({ lot, serial });
      }),
    );
  });
});
