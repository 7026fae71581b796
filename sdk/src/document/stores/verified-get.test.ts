import { expect } from "chai";
import type { ErrorCode } from "../../errors/error-catalogue.js";
import { isPassportError, PassportError } from "../../errors/passport-error.js";
import { digestOf } from "../digest-of.js";
import { verifiedGet } from "./verified-get.js";

const bytes = new TextEncoder().encode("{}");
const digest = digestOf(bytes);

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | undefined> {
  const error = await promise.catch((caught: unknown) => caught);
  return isPassportError(error) ? error.code : undefined;
}

describe("verifiedGet", () => {
  it("returns bytes that have the digest", async () => {
    expect(await verifiedGet({ get: async () => bytes }, digest)).to.equal(bytes);
  });

  it("refuses other bytes, fewer, more and too many", async () => {
    for (const wrong of ["[]", "{", "{}\n", ""]) {
      const get = async (): Promise<Uint8Array> => new TextEncoder().encode(wrong);
      expect(await codeOf(verifiedGet({ get }, digest)), wrong).to.equal("document.digest-mismatch");
    }
    const get = async (): Promise<Uint8Array> => new Uint8Array(262_145);
    expect(await codeOf(verifiedGet({ get }, digest))).to.equal("document.too-large");
  });

  it("passes an outage on as an outage", async () => {
    const get = async (): Promise<Uint8Array> => {
      throw new PassportError("store.unreachable", { store: "x", problem: "y" });
    };
    expect(await codeOf(verifiedGet({ get }, digest))).to.equal("store.unreachable");
  });
});
