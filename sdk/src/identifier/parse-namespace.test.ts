import { expect } from "chai";
import { isPassportError } from "../errors/passport-error.js";
import { parseNamespace } from "./parse-namespace.js";

describe("parseNamespace", () => {
  for (const namespace of ["https://id.weg.example/", "https://weg.example/products/id.v2/", "https://localhost/"]) {
    it(`accepts ${namespace}`, () => expect(parseNamespace(namespace)).to.equal(namespace));
  }

  for (const [circumstance, namespace] of [
    ["no slash at the end, which would admit id.weg.example.evil", "https://id.weg.example"],
    ["http", "http://id.weg.example/"],
    ["upper case in the host", "https://ID.weg.example/"],
    ["a user", "https://weg@id.weg.example/"],
    ["a port", "https://id.weg.example:8443/"],
    ["a percent sign", "https://id.weg.example/a%20b/"],
    ["a query", "https://id.weg.example/?/"],
    ["a fragment", "https://id.weg.example/#/"],
    ["a backslash", "https://id.weg.example\\/"],
    ["a dot segment", "https://id.weg.example/../"],
    ["a hidden segment", "https://id.weg.example/.well-known/"],
    ["a segment that ends in a dot", "https://id.weg.example/motors./"],
    ["two dots in a segment", "https://id.weg.example/a..b/"],
    ["an empty segment", "https://id.weg.example//"],
    ["an empty host", "https:///"],
    ["an IPv4 address", "https://127.0.0.1/"],
    ["a host that ends in a dot", "https://id.weg.example./"],
    ["two dots in the host", "https://id..example/"],
    ["more than 128 bytes", `https://id.weg.example/${"a".repeat(128)}/`],
    ["nothing", ""],
  ] as const) {
    it(`refuses ${circumstance}`, () => {
      expect(() => parseNamespace(namespace))
        .to.throw()
        .satisfies((error: unknown) => isPassportError(error, "identifier.namespace"));
    });
  }

  it("refuses what is no text", () => {
    expect(() => parseNamespace(7))
      .to.throw()
      .satisfies((error: unknown) => isPassportError(error, "input.invalid"));
  });
});
