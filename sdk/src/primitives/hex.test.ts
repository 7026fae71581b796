import { expect } from "chai";
import { isPassportError } from "../errors/passport-error.js";
import { parseAddress, parseBytes32, parseDigest, parseHex } from "./hex.js";

const ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7";
const CHECKSUMMED = "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359";

describe("parseAddress", () => {
  it("returns the EIP-55 spelling of an address in lower case or with a right checksum", () => {
    expect(parseAddress(CHECKSUMMED.toLowerCase())).to.equal(CHECKSUMMED);
    expect(parseAddress(CHECKSUMMED)).to.equal(CHECKSUMMED);
    expect(parseAddress(ADDRESS)).to.equal(ADDRESS);
  });

  for (const [circumstance, value] of [
    ["a wrong checksum", CHECKSUMMED.replace("fB", "Fb")],
    ["a missing digit", ADDRESS.slice(0, -1)],
    ["no prefix", ADDRESS.slice(2)],
    ["an ICAP address", "XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS"],
    ["a name", "vitalik.eth"],
    ["a number", 1],
    ["nothing", undefined],
  ] as const) {
    it(`refuses ${circumstance} and names the field`, () => {
      expect(() => parseAddress(value, { field: "owner" }))
        .to.throw("owner is not valid")
        .satisfies((error: unknown) => isPassportError(error, "input.invalid"));
    });
  }
});

describe("parseBytes32 and parseDigest", () => {
  const value = `0x${"ab".repeat(32)}`;

  it("return 32 bytes in lower case", () => {
    expect(parseBytes32(value.toUpperCase().replace("0X", "0x"))).to.equal(value);
    expect(parseDigest(value)).to.equal(value);
  });

  it("refuse fewer or more bytes, and other characters", () => {
    for (const wrong of [value.slice(0, -2), `${value}00`, value.replace("a", "g"), "", null]) {
      expect(() => parseBytes32(wrong)).to.throw("bytes32 is not valid");
      expect(() => parseDigest(wrong)).to.throw("digest is not valid");
    }
  });
});

describe("parseHex", () => {
  it("returns whole bytes, also none", () => {
    expect(parseHex("0x")).to.equal("0x");
    expect(parseHex("0xAB01")).to.equal("0xab01");
  });

  it("refuses half a byte", () => {
    expect(() => parseHex("0xabc", { field: "signature" })).to.throw("signature is not valid");
  });
});
