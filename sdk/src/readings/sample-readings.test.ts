import { expect } from "chai";
import fc from "fast-check";
import { quantities } from "../document/schemas/quantity.js";
import { parseReading, type Reading } from "./reading.js";

/** Two motors. */
export const PRODUCTS = [
  "https://id.weg.example/01/09521234543213/21/W22-000001",
  "https://id.weg.example/01/09521234543213/21/W22-000002",
] as const;

/** A reading that is right, with changes. */
export const sample = (changes: object = {}): Record<string, unknown> => ({
  sensor: "bearing-de",
  sequence: 1,
  product: PRODUCTS[0],
  quantity: "bearing-temperature",
  unit: "Cel",
  value: "63.5",
  time: "2026-11-27T15:55:46Z",
  ...changes,
});

/** A parsed reading, with changes. */
export const sampleReading = (changes: object = {}): Reading => parseReading(sample(changes));

/** Any decimal number that a reading may have. */
export const anyValue: fc.Arbitrary<string> = fc
  .stringMatching(/^-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?$/)
  .filter((text) => !/^-0(?:\.0+)?$/.test(text));

/** Any reading of a few sensors and products, so that series have several. */
export const anyReading: fc.Arbitrary<Reading> = fc
  .record({
    sensor: fc.constantFrom("a", "b.1", "Z_9-x"),
    sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    product: fc.constantFrom(...PRODUCTS),
    measured: fc.constantFrom(...Object.entries(quantities)),
    value: anyValue,
    seconds: fc.integer({ min: 0, max: 4_000_000_000 }),
    milliseconds: fc.option(fc.integer({ min: 0, max: 999 }), { nil: undefined }),
    signed: fc.option(fc.stringMatching(/^[0-9a-f]{128}$/), { nil: undefined, freq: 1 }),
  })
  .map(({ sensor, sequence, product, measured: [quantity, { unit }], value, seconds, milliseconds, signed }) => {
    const iso = new Date(seconds * 1_000 + (milliseconds ?? 0)).toISOString();
    const time = milliseconds === undefined ? iso.replace(".000Z", "Z") : iso;
    const signature = signed === undefined ? {} : { signature: `0x${signed}` };
    return parseReading({ sensor, sequence, product, quantity, unit, value, time, ...signature });
  });

describe("the samples of the tests", () => {
  it("are readings", () => {
    expect(sampleReading()).to.deep.equal(sample());
  });
});
