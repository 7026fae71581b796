import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import { isPassportError } from "../errors/passport-error.js";
import { canonicalise, MAXIMUM_DEPTH } from "./canonicalise.js";

const vectors = new URL("../../../test/vectors/jcs-rfc8785/", import.meta.url);
/** Vectors that are too large to ship; beside the project where they are. */
const moreNumbers = new URL("../../../../shared/data/jcs-rfc8785/es6-numbers-10k.txt", import.meta.url);

const write = (value: unknown): string => new TextDecoder().decode(canonicalise(value));

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}

function expectNumbers(file: URL, lines: number): void {
  const rows = readFileSync(file, "utf8").trim().split("\n");
  expect(rows).to.have.length(lines);
  for (const row of rows) {
    const [ieee754 = "", expected] = row.split(",");
    const number = Buffer.from(ieee754.padStart(16, "0"), "hex").readDoubleBE();
    expect(write(number), ieee754).to.equal(expected);
  }
}

describe("canonicalise", () => {
  for (const name of readdirSync(new URL("input/", vectors))) {
    it(`writes ${name} as the authors of RFC 8785 do`, () => {
      const input: unknown = JSON.parse(readFileSync(new URL(`input/${name}`, vectors), "utf8"));
      const output = readFileSync(new URL(`output/${name}`, vectors));
      expect(Buffer.from(canonicalise(input)).equals(output)).to.equal(true);
    });
  }

  it("writes 1000 numbers as the authors of RFC 8785 do", () => {
    expectNumbers(new URL("es6-numbers-1000.txt", vectors), 1_000);
  });

  it("writes 10 000 numbers as the authors of RFC 8785 do, where the file lies beside the project", function () {
    if (!existsSync(moreNumbers)) this.skip();
    expectNumbers(moreNumbers, 10_000);
  });

  it("writes any JSON so that it reads back the same, in the same bytes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = write(value);
        expect(JSON.parse(text)).to.deep.equal(JSON.parse(JSON.stringify(value)));
        expect(write(JSON.parse(text))).to.equal(text);
      }),
    );
  });

  it("takes objects without a prototype, and those of another realm", () => {
    expect(write(Object.assign(Object.create(null), { b: 1, a: 2 }))).to.equal('{"a":2,"b":1}');
  });

  const cycle: { self?: unknown } = {};
  cycle.self = cycle;

  for (const [circumstance, value, path] of [
    ["NaN", { a: [1, Number.NaN] }, "$.a.1"],
    ["Infinity", Number.POSITIVE_INFINITY, "$"],
    ["undefined", { a: undefined }, "$.a"],
    ["a hole in an array", Object.assign(new Array(3), { 0: 1, 2: 3 }), "$.1"],
    ["a bigint", { price: 1n }, "$.price"],
    ["a function", { a: () => 1 }, "$.a"],
    ["a symbol", { a: Symbol("a") }, "$.a"],
    ["a symbol as a key", { a: { [Symbol("a")]: 1 } }, "$.a"],
    ["a date", { at: new Date(0) }, "$.at"],
    ["a map", new Map(), "$"],
    ["bytes", { a: new Uint8Array(2) }, "$.a"],
    ["an object that inherits values", Object.create({ a: 1 }), "$"],
    ["an object that converts itself", { a: { toJSON: () => 1 } }, "$.a.toJSON"],
    ["half of a surrogate pair", { a: "x\ud83d" }, "$.a"],
    ["half of a surrogate pair in a key", { "\udc00": 1 }, "$"],
    ["a cycle", cycle, "$.self.self.self"],
    ["too many levels", nested(MAXIMUM_DEPTH + 1), "$.0.0.0"],
  ] as const) {
    it(`refuses ${circumstance} and names the path`, () => {
      expect(() => canonicalise(value))
        .to.throw(`The value at ${path} has no canonical JSON form`)
        .satisfies((error: unknown) => isPassportError(error, "document.not-canonicalisable"));
    });
  }

  it("accepts whole surrogate pairs and as many levels as allowed", () => {
    expect(write("😂")).to.equal('"😂"');
    expect(write(nested(MAXIMUM_DEPTH))).to.have.length(2 * MAXIMUM_DEPTH + 1);
  });
});
