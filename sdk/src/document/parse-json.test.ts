import { expect } from "chai";
import fc from "fast-check";
import { isPassportError } from "../errors/passport-error.js";
import { parseJson } from "./parse-json.js";

describe("parseJson", () => {
  it("reads whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value, undefined, 2);
        expect(parseJson(text)).to.deep.equal(JSON.parse(text));
      }),
    );
  });

  it("takes the same key in different objects", () => {
    expect(parseJson('[{"a":1},{"a":{"a":2}}]')).to.deep.equal([{ a: 1 }, { a: { a: 2 } }]);
    expect(parseJson('{"a":"a:","a:" : ":"}')).to.deep.equal({ a: "a:", "a:": ":" });
  });

  for (const [circumstance, text, problem] of [
    ["a key twice", '{\n  "a": 1,\n  "a": 2\n}', 'the key "a" a second time in line 3, column 3'],
    ["a key twice, once escaped", '{"a":1,"\\u0061":2}', 'the key "a" a second time'],
    ["a key twice, far apart", '{"a":1,"b":{"c":[{}]},"a":2}', 'the key "a" a second time'],
    ["a key twice, beside strings with colons", '{"a":"b:c","d:e":":","a":2}', 'the key "a" a second time'],
    ["__proto__ twice", '{"__proto__":1,"__proto__":2}', "a second time"],
    ["a comment", "{} // done", "InvalidCommentToken"],
    ["a trailing comma", "[1,]", "in line 1, column 4"],
    ["nothing", "", "ValueExpected"],
    ["two values", "1 2", "EndOfFileExpected"],
    ["an unfinished object", '{"a":1', "CloseBraceExpected"],
    ["single quotes", "{'a':1}", "in line 1"],
    ["NaN", "[NaN]", "in line 1"],
    ["a number with a leading zero", "[01]", "in line 1"],
    ["a lone escape", '"\\x"', "in line 1"],
    ["a raw line break in a string", '"a\nb"', "in line 1"],
    ["a byte order mark", "\ufeff{}", "InvalidSymbol in line 1, column 1"],
    ["a thousand levels", "[".repeat(1_000) + "]".repeat(1_000), "more than 64 levels"],
    ["a hundred thousand levels", '{"a":'.repeat(100_000), "more than 64 levels"],
  ] as const) {
    it(`refuses ${circumstance} and says where`, () => {
      expect(() => parseJson(text))
        .to.throw(problem)
        .satisfies((error: unknown) => isPassportError(error, "document.not-json"));
    });
  }
});
