import { expect } from "chai";
import fc from "fast-check";
import { canonicalise } from "../document/canonicalise.js";
import { parseJson } from "../document/parse-json.js";
import { isPassportError } from "../errors/passport-error.js";
import { isPlausible } from "./is-plausible.js";
import { parseReading, readingJsonSchema } from "./reading.js";
import { readingBytes } from "./reading-bytes.js";
import { anyReading, sample, sampleReading } from "./sample-readings.test.js";

const without = (field: string) => Object.fromEntries(Object.entries(sample()).filter(([name]) => name !== field));

describe("parseReading", () => {
  for (const [what, changes] of [
    ["a time in milliseconds", { time: "2026-11-27T15:55:46.250Z" }],
    ["the largest numbers", { sequence: Number.MAX_SAFE_INTEGER, value: "999999999999999999.999999999" }],
    ["a negative value", { value: "-0.5" }],
    ["zeros at the end", { value: "1.0" }],
    ["a signature", { signature: `0x${"1f".repeat(64)}` }],
    ["a long name of a sensor", { sensor: `7${"a".repeat(63)}` }],
  ] as const) {
    it(`of a reading with ${what}, keeps it as it is`, () => {
      expect(parseReading(sample(changes))).to.deep.equal(sample(changes));
    });
  }

  for (const [what, value, field] of [
    ["nothing", undefined, "reading"],
    ["a list", [sample()], "reading"],
    ["a field too many", sample({ host: "gateway 7" }), "host"],
    ["no sensor", without("sensor"), "sensor"],
    ["a sensor with a blank", sample({ sensor: "bearing de" }), "sensor"],
    ["a sensor that begins with a dot", sample({ sensor: ".de" }), "sensor"],
    ["a sensor of 65 characters", sample({ sensor: "a".repeat(65) }), "sensor"],
    ["a sensor with a line end", sample({ sensor: "a\n" }), "sensor"],
    ["the sequence 0", sample({ sequence: 0 }), "sequence"],
    ["a sequence in quotes", sample({ sequence: "1" }), "sequence"],
    ["a broken sequence", sample({ sequence: 1.5 }), "sequence"],
    ["a sequence that JSON cannot carry", sample({ sequence: 2 ** 53 }), "sequence"],
    ["a product that is not in its normal form", sample({ product: "https://ID.weg.example/m" }), "product"],
    ["a product with a wrong check digit", sample({ product: "https://id.weg.example/01/09521234543214" }), "product"],
    ["an unknown quantity", sample({ quantity: "mood" }), "quantity"],
    ["a quantity every object has", sample({ quantity: "toString" }), "quantity"],
    ["the unit of another quantity", sample({ unit: "A" }), "unit"],
    ["an unknown unit", sample({ unit: "degF" }), "unit"],
    ["a number without quotes", sample({ value: 63.5 }), "value"],
    ["NaN", sample({ value: "NaN" }), "value"],
    ["an exponent", sample({ value: "1e3" }), "value"],
    ["a plus", sample({ value: "+1" }), "value"],
    ["a leading zero", sample({ value: "01" }), "value"],
    ["a point without digits", sample({ value: "1." }), "value"],
    ["negative zero", sample({ value: "-0" }), "value"],
    ["negative zero with digits", sample({ value: "-0.00" }), "value"],
    ["19 digits", sample({ value: "1".repeat(19) }), "value"],
    ["10 digits after the point", sample({ value: "0.1234567891" }), "value"],
    ["a time of another zone", sample({ time: "2026-11-27T15:55:46+01:00" }), "time"],
    ["a time without seconds", sample({ time: "2026-11-27T15:55Z" }), "time"],
    ["a time in tenths", sample({ time: "2026-11-27T15:55:46.2Z" }), "time"],
    ["a time in microseconds", sample({ time: "2026-11-27T15:55:46.250000Z" }), "time"],
    ["a day that is not in the calendar", sample({ time: "2026-02-29T15:55:46Z" }), "time"],
    ["a time before 1970", sample({ time: "1969-12-31T23:59:59Z" }), "time"],
    ["a number as time", sample({ time: 1_795_000_000 }), "time"],
    ["half a signature", sample({ signature: `0x${"1f".repeat(32)}` }), "signature"],
    ["no signature in its field", sample({ signature: undefined }), "signature"],
  ] as const) {
    it(`of ${what}, refuses it and names ${field}`, () => {
      expect(() => parseReading(value))
        .to.throw(field)
        .with.property("code", "input.invalid");
    });
  }

  it("of anything that JSON holds, gives a reading or an error of the catalogue", () => {
    const anyChange = fc.tuple(fc.constantFrom(...Object.keys(sample()), "signature", "__proto__"), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          anyChange.map(([name, value]) => sample({ [name]: value })),
        ),
        (value) => {
          try {
            expect(parseReading(value)).to.deep.equal(value);
          } catch (error) {
            if (!isPassportError(error, "input.invalid")) throw error;
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("of a reading's own bytes, gives the same reading, and the same bytes again", () => {
    fc.assert(
      fc.property(anyReading, (reading) => {
        const bytes = readingBytes(reading);
        const again = parseReading(parseJson(new TextDecoder().decode(bytes)));
        expect(again).to.deep.equal(reading);
        expect(canonicalise(again)).to.deep.equal(bytes);
      }),
    );
  });
});

describe("readingJsonSchema", () => {
  it("names the fields, which of them must be there, and that there are no others", () => {
    const { properties, required, additionalProperties } = readingJsonSchema();
    expect(Object.keys(properties ?? {})).to.deep.equal([...Object.keys(sample()), "signature"]);
    expect(required).to.deep.equal(Object.keys(sample()));
    expect(additionalProperties).to.equal(false);
  });
});

describe("isPlausible", () => {
  for (const [quantity, unit, value, expected] of [
    ["relative-humidity", "%", "100", true],
    ["relative-humidity", "%", "100.000000001", false],
    ["relative-humidity", "%", "-0.000000001", false],
    ["bearing-temperature", "Cel", "-60.0", true],
    ["bearing-temperature", "Cel", "850", false],
  ] as const) {
    it(`of ${quantity} ${value} ${unit}: ${expected}`, () => {
      expect(isPlausible(sampleReading({ quantity, unit, value }))).to.equal(expected);
    });
  }
});
