import { expect } from "chai";
import fc from "fast-check";
import { billionthsOf, decimalOf, divideHalfToEven } from "./decimals.js";
import { anyReading, anyValue, PRODUCTS, sampleReading } from "./sample-readings.test.js";
import { summariseReadings } from "./summarise-readings.js";

const valuesOf = (...values: readonly string[]) =>
  summariseReadings(values.map((value, index) => sampleReading({ value, sequence: index + 1 })))[0];

describe("summariseReadings", () => {
  it("of nothing, gives nothing", () => {
    expect(summariseReadings([])).to.deep.equal([]);
  });

  it("of one sensor, says how many, which, how much and when", () => {
    const readings = [
      sampleReading({ sequence: 9, value: "60", time: "2026-11-27T15:55:47Z" }),
      sampleReading({ sequence: 7, value: "63.50", time: "2026-11-27T15:55:46.000Z" }),
      sampleReading({ sequence: 8, value: "61", time: "2026-11-27T15:55:46Z" }),
    ];
    expect(summariseReadings(readings)).to.deep.equal([
      {
        product: PRODUCTS[0],
        sensor: "bearing-de",
        quantity: "bearing-temperature",
        unit: "Cel",
        count: 3,
        firstSequence: 7,
        lastSequence: 9,
        minimum: "60",
        mean: "61.5",
        maximum: "63.5",
        from: "2026-11-27T15:55:46.000Z",
        until: "2026-11-27T15:55:47Z",
      },
    ]);
  });

  it("of several, keeps products, sensors and quantities apart, in the order of their names", () => {
    const current = { quantity: "current", unit: "A" };
    const readings = [
      sampleReading({ product: PRODUCTS[1] }),
      sampleReading({ sensor: "b" }),
      sampleReading({ sensor: "a.1" }),
      sampleReading({ sensor: "a" }),
      sampleReading({ sensor: "b", sequence: 2, ...current }),
    ];
    expect(
      summariseReadings(readings).map(({ product, sensor, quantity }) => [product, sensor, quantity]),
    ).to.deep.equal([
      [PRODUCTS[0], "a", "bearing-temperature"],
      [PRODUCTS[0], "a.1", "bearing-temperature"],
      [PRODUCTS[0], "b", "bearing-temperature"],
      [PRODUCTS[0], "b", "current"],
      [PRODUCTS[1], "bearing-de", "bearing-temperature"],
    ]);
  });

  it("compares and averages 1.0 and 1 as one number", () => {
    expect(valuesOf("1.0", "1", "1.000")).to.deep.include({ minimum: "1", mean: "1", maximum: "1" });
  });

  it("rounds a mean half to even at nine digits, of either sign", () => {
    expect(valuesOf("0.000000001", "0")?.mean).to.equal("0");
    expect(valuesOf("0.000000001", "0.000000002")?.mean).to.equal("0.000000002");
    expect(valuesOf("-0.000000001", "0")?.mean).to.equal("0");
    expect(valuesOf("-0.000000001", "-0.000000002")?.mean).to.equal("-0.000000002");
    expect(valuesOf("1", "0", "0")?.mean).to.equal("0.333333333");
    expect(valuesOf("-2", "0", "0")?.mean).to.equal("-0.666666667");
  });

  it("is exact where floating point is not", () => {
    expect(valuesOf("0.1", "0.2")?.mean).to.equal("0.15");
    expect(valuesOf("999999999999999999.999999999", "999999999999999999.999999997")?.mean).to.equal(
      "999999999999999999.999999998",
    );
  });

  it("of any readings, loses none, and puts the mean between the least and the most", () => {
    fc.assert(
      fc.property(fc.array(anyReading, { maxLength: 40 }), (readings) => {
        const series = summariseReadings(readings);
        expect(series.reduce((total, { count }) => total + count, 0)).to.equal(readings.length);
        for (const { minimum, mean, maximum, firstSequence, lastSequence, from, until } of series) {
          expect(billionthsOf(minimum) <= billionthsOf(mean)).to.equal(true);
          expect(billionthsOf(mean) <= billionthsOf(maximum)).to.equal(true);
          expect(firstSequence).to.be.at.most(lastSequence);
          expect(Date.parse(from)).to.be.at.most(Date.parse(until));
        }
        expect(summariseReadings(readings.toReversed()).map(({ from, until, ...rest }) => rest)).to.deep.equal(
          series.map(({ from, until, ...rest }) => rest),
        );
      }),
    );
  });
});

describe("decimals", () => {
  it("decimalOf, of what billionthsOf has read, is the same number in its shortest form", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const short = decimalOf(billionthsOf(value));
        expect(billionthsOf(short)).to.equal(billionthsOf(value));
        expect(short)
          .to.match(/^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/)
          .and.not.equal("-0");
      }),
    );
  });

  it("divideHalfToEven, of any numbers, is the nearest, and the even one of two", () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n, max: 1_000n }), (dividend, divisor) => {
        const quotient = divideHalfToEven(dividend, divisor);
        const distance = 2n * (dividend - quotient * divisor);
        const size = distance < 0n ? -distance : distance;
        expect(size < divisor || (size === divisor && quotient % 2n === 0n)).to.equal(true);
      }),
    );
  });
});
