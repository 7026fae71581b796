import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { base32 } from "multiformats/bases/base32";
import { cidOf, cidSchema, digestOfCid } from "./cid.js";
import { digestOf } from "./digest-of.js";

const multibase = new URL("../../../../shared/data/ipfs-cid/tests/basic.csv", import.meta.url);

/** What `ipfs add --cid-version=1` prints for a file with the content "hello world". */
const HELLO_WORLD = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e";
const digest = digestOf(new TextEncoder().encode("hello world"));

describe("cidOf and digestOfCid", () => {
  it("agree with Kubo", () => {
    expect(cidOf(digest)).to.equal(HELLO_WORLD);
    expect(digestOfCid(HELLO_WORLD)).to.equal(digest);
  });

  it("agree with the specification: version 1, raw, sha2-256, 32 bytes, the digest, all in base32", () => {
    const bytes = Buffer.from(`01551220${digest.slice(2)}`, "hex");
    expect(cidOf(digest)).to.equal(base32.encode(bytes));
  });

  it("use the base32 of the multibase vectors, where they lie beside the project", function () {
    if (!existsSync(multibase)) this.skip();
    const encoded = /^base32, "(.+)"$/m.exec(readFileSync(multibase, "utf8"))?.[1];
    expect(base32.encode(new TextEncoder().encode("yes mani !"))).to.equal(encoded);
  });
});

describe("digestOfCid", () => {
  for (const [circumstance, cid] of [
    ["a CIDv0", "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD"],
    ["a UnixFS tree, whose digest is not the file's", "bafybeihykld7uyxzogax6vgyvag42y7464eywpf55gxi5qpoisibh3c5wa"],
    ["another spelling of the same CID", HELLO_WORLD.toUpperCase()],
    ["a mistyped CID", `${HELLO_WORLD.slice(0, -1)}0`],
    ["a shortened CID", HELLO_WORLD.slice(0, -4)],
    ["nothing", ""],
    ["no text", undefined],
  ] as const) {
    it(`refuses ${circumstance}`, () => {
      expect(() => digestOfCid(cid)).to.throw("cid is not valid");
    });
  }
});

describe("cidSchema", () => {
  it("accepts raw blocks and UnixFS trees", () => {
    expect(cidSchema.safeParse(HELLO_WORLD).success).to.equal(true);
    expect(cidSchema.safeParse("bafybeihykld7uyxzogax6vgyvag42y7464eywpf55gxi5qpoisibh3c5wa").success).to.equal(true);
  });
});
