import { expect } from "chai";
import * as z from "zod";
import { parseInput } from "./parse-input.js";

const schema = z.strictObject({ owner: z.strictObject({ age: z.int() }), names: z.array(z.string()) });

describe("parseInput", () => {
  it("returns what the schema accepts", () => {
    const value = { owner: { age: 3 }, names: ["a"] };
    expect(parseInput(schema, value, { field: "passport" })).to.deep.equal(value);
  });

  it("names the field, the path inside it and the cause", () => {
    expect(() => parseInput(schema, { owner: { age: "3" }, names: [] }, { field: "passport" })).to.throw(
      "passport is not valid: owner.age: invalid input: expected number, received string; received {",
    );
  });

  it("names three causes and counts the others", () => {
    expect(() => parseInput(schema, { owner: {}, names: [1, 2, 3] }, { field: "passport" })).to.throw(
      "; and 1 more; received",
    );
  });
});
