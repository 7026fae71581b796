import { expect } from "chai";
import type { ErrorCode } from "../errors/error-catalogue.js";
import { isPassportError } from "../errors/passport-error.js";
import { describeFile } from "./describe-file.js";
import { readAttachment } from "./read-attachment.js";

const pieces = [Uint8Array.of(1, 2, 3), new Uint8Array(), Uint8Array.of(4)];
const attachment = await describeFile(new Blob(pieces));

/** Reads an attachment from a store that serves these pieces. */
async function read(served: readonly Uint8Array[]) {
  const received: number[] = [];
  const store = {
    getFile: async function* () {
      yield* served;
    },
  };
  try {
    for await (const piece of readAttachment(store, attachment)) received.push(...piece);
    return { received, code: undefined };
  } catch (error) {
    const code: ErrorCode | undefined = isPassportError(error) ? error.code : undefined;
    return { received, code };
  }
}

describe("readAttachment", () => {
  it("streams a file that is what its document says", async () => {
    expect(await read(pieces)).to.deep.equal({ received: [1, 2, 3, 4], code: undefined });
  });

  it("fails at the end if the bytes are others", async () => {
    expect((await read([Uint8Array.of(1, 2, 3, 5)])).code).to.equal("document.digest-mismatch");
  });

  it("fails before it hands on more bytes than the document says", async () => {
    const endless = Array.from({ length: 1_000 }, () => Uint8Array.of(1, 2, 3));
    expect(await read(endless)).to.deep.equal({ received: [1, 2, 3], code: "document.digest-mismatch" });
  });

  it("calls a file that breaks off incomplete, not forged", async () => {
    expect((await read([Uint8Array.of(1, 2, 3)])).code).to.equal("store.incomplete");
    expect((await read([])).code).to.equal("store.incomplete");
  });
});
