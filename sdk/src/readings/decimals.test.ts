import { expect } from "chai";
import { parseUnits } from "ethers";
import fc from "fast-check";
import { billionthsOf } from "./decimals.js";

describe("billionthsOf", () => {
  it("any decimal number of at most 9 digits after the point, is what ethers reads", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?$/), (decimal) => {
        expect(billionthsOf(decimal)).to.equal(parseUnits(decimal, 9));
      }),
    );
  });

  it("more digits, are refused instead of read wrongly", () => {
    expect(() => billionthsOf("0.1234567891")).to.throw("0.1234567891 has more than 9 digits after the point");
  });
});
