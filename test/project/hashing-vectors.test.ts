import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { hashingVectorsJson } from "../support/hashing-vectors.js";

describe("test/vectors/hashing.json", () => {
  it("made again by the independent implementation, is the same", async () => {
    const committed = await readFile(new URL("../vectors/hashing.json", import.meta.url), "utf8");
    expect(committed).to.equal(hashingVectorsJson());
  });
});
