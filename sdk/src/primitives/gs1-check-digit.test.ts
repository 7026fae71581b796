import { readFileSync } from "node:fs";
import { expect } from "chai";
import { gs1CheckDigit, hasGs1CheckDigit } from "./gs1-check-digit.js";

const vectors = new URL("../../../test/vectors/gs1/linters.json", import.meta.url);
const { csum } = JSON.parse(readFileSync(vectors, "utf8"));

describe("hasGs1CheckDigit", () => {
  for (const key of csum.valid)
    it(`accepts ${key}, as GS1's own linter does`, () => expect(hasGs1CheckDigit(key)).to.equal(true));
  for (const key of csum.invalid)
    it(`refuses "${key}", as GS1's own linter does`, () => expect(hasGs1CheckDigit(key)).to.equal(false));

  it("refuses a GTIN with any one digit changed", () => {
    const gtin = "09521234543213";
    expect(hasGs1CheckDigit(gtin)).to.equal(true);
    for (let index = 0; index < gtin.length; index++) {
      for (let change = 1; change < 10; change++) {
        const digit = (Number(gtin[index]) + change) % 10;
        expect(hasGs1CheckDigit(gtin.slice(0, index) + digit + gtin.slice(index + 1))).to.equal(false);
      }
    }
  });
});

describe("gs1CheckDigit", () => {
  it("returns the digit that completes a key", () => {
    expect(gs1CheckDigit("0952123454321")).to.equal("3");
    expect(gs1CheckDigit("952123454321")).to.equal("3");
  });
});
