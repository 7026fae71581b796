import { expect } from "chai";
import { errorCatalogue } from "./error-catalogue.js";
import { isPassportError, PassportError } from "./passport-error.js";

describe("PassportError", () => {
  it("says what happened, to which value, and what to do", () => {
    const error = new PassportError("store.unreachable", { store: "http://127.0.0.1:5001", problem: "timed out" });
    expect(error.message).to.equal(
      "The document store http://127.0.0.1:5001 did not serve the request: timed out. " +
        "Check that the store is running and reachable, then try again; nothing is known about the content itself.",
    );
  });

  it("shortens a long value in its message and keeps it in the details", () => {
    const productId = `https://id.weg.example/${"x".repeat(1_000)}`;
    const error = new PassportError("identifier.invalid", { productId, problem: "it is too long" });
    expect(error.message).to.include("... (1023 characters)").and.to.have.length.below(500);
    expect(error.details.productId).to.equal(productId);
  });

  it("escapes line breaks and direction marks, so that a value cannot forge a log line", () => {
    const value = "a\nINFO all good\u202e";
    const error = new PassportError("input.invalid", { field: "name", problem: "no", value });
    expect(error.message).to.include("a\\u{a}INFO all good\\u{202e}");
  });

  it("shows values JSON has no word for", () => {
    const cyclic: Record<string, unknown> = { number: Number.NaN, bigint: 1n, bytes: new Uint8Array(3) };
    cyclic["self"] = cyclic;
    const error = new PassportError("input.invalid", { field: "x", problem: "no", value: cyclic });
    expect(error.message).to.include('{"number":"NaN","bigint":"1","bytes":"3 bytes","self":"(shown above)"}');
    expect(new PassportError("input.invalid", { field: "x", problem: "no", value: undefined }).message).to.include(
      "received undefined",
    );
  });

  it("shows a number of the chain as its digits", () => {
    const error = new PassportError("chain.wrong-chain", { expected: 42_161n, actual: 1n });
    expect(error.message).to.include("serves chain 1, not 42161");
  });

  it("serialises with code, details and cause", () => {
    const cause = new PassportError("document.not-found", { cid: "bafk" }, { cause: new TypeError("fetch failed") });
    const error = new PassportError("chain.wrong-chain", { expected: 42161n, actual: 1n }, { cause });
    expect(JSON.parse(JSON.stringify(error))).to.deep.equal({
      name: "PassportError",
      code: "chain.wrong-chain",
      message: error.message,
      details: { expected: "42161", actual: "1" },
      cause: {
        name: "PassportError",
        code: "document.not-found",
        message: cause.message,
        details: { cid: "bafk" },
        cause: { name: "TypeError", message: "fetch failed" },
      },
    });
  });

  it("compiles only with a known code and with the details its message names", () => {
    // @ts-expect-error an unknown code
    expect(() => new PassportError("document.lost", {})).to.throw();
    // @ts-expect-error the detail {cid} is missing
    expect(new PassportError("document.not-found", {}).message).to.include("undefined");
  });
});

describe("isPassportError", () => {
  const error = new PassportError("document.not-found", { cid: "bafk" });

  it("accepts a PassportError, also by its code", () => {
    expect(isPassportError(error)).to.equal(true);
    expect(isPassportError(error, "document.not-found")).to.equal(true);
  });

  it("refuses another code, other errors and plain objects that look alike", () => {
    expect(isPassportError(error, "document.schema")).to.equal(false);
    expect(isPassportError(new Error("document.not-found"))).to.equal(false);
    expect(isPassportError({ name: "PassportError", code: "document.not-found" })).to.equal(false);
    expect(isPassportError(undefined)).to.equal(false);
  });
});

describe("errorCatalogue", () => {
  it("has dotted codes, and in every advice at least one whole sentence", () => {
    for (const [code, { message, advice }] of Object.entries(errorCatalogue)) {
      expect(code).to.match(/^[a-z-]+\.[a-z-]+$/);
      expect(message, code).to.match(/^[A-Z{].*[^.]$/);
      expect(advice, code).to.match(/^[A-Z].*\.$/);
    }
  });
});
