import { expect } from "chai";
import { digestOf } from "../document/digest-of.js";
import { createMemoryStore } from "../document/stores/memory-store.js";
import { isPassportError } from "../errors/passport-error.js";
import { parseAddress, parseDigest } from "../primitives/hex.js";
import { contentOf, documentOfContent, readyDocument, storeDocument } from "./document-source.js";

const subject = {
  eventType: "STOLEN",
  productId: "https://id.weg.example/01/09521234567899/21/000001",
  attester: parseAddress("0x0000000000000000000000000000000000007702"),
};
const document = { data: { reportReference: "4711" } };
const context = { clock: () => 1_795_352_880n, randomBytes: (length: number) => new Uint8Array(length).fill(7) };

const parsed = (bytes: Uint8Array | undefined): unknown => JSON.parse(new TextDecoder().decode(bytes));

describe("readyDocument", () => {
  it("of what it says: the whole document, with the context's time and salt", () => {
    const { bytes, digest } = readyDocument(context, { ...subject, document });
    expect(parsed(bytes)).to.deep.include({
      ...subject,
      ...document,
      issuedAt: "2026-11-22T13:08:00Z",
      salt: "07".repeat(16),
    });
    expect(digest).to.equal(digestOf(bytes ?? new Uint8Array()));
  });

  it("of a digest: that digest, whatever its case, and no bytes", () => {
    const digest = `0x${"aB".repeat(32)}`;
    expect(readyDocument(context, { ...subject, document: digest })).to.deep.equal({
      digest: digest.toLowerCase(),
      bytes: undefined,
    });
  });

  it("of an event type without a schema: event-type.unknown, also for names that every object has", () => {
    for (const eventType of ["POLISHED", "toString"]) {
      expect(() => readyDocument(context, { ...subject, eventType, document })).to.throw("no document schema");
    }
  });
});

describe("storeDocument", () => {
  it("a document with its bytes: kept, and its digest returned", async () => {
    const store = createMemoryStore();
    const ready = readyDocument(context, { ...subject, document });
    expect(await storeDocument({ store }, ready)).to.equal(ready.digest);
    expect(await store.get(ready.digest)).to.deep.equal(ready.bytes);
  });

  it("without a store: input.invalid, naming it; a digest alone needs none", async () => {
    const ready = readyDocument(context, { ...subject, document });
    const error = await storeDocument({}, ready).catch((caught: unknown) => caught);
    expect(isPassportError(error, "input.invalid") && error.details["field"]).to.equal("store");
    expect(await storeDocument({}, { ...ready, bytes: undefined })).to.equal(ready.digest);
  });
});

describe("documentOfContent", () => {
  it("what contentOf wrote: the same bytes", () => {
    const ready = readyDocument(context, { ...subject, document });
    expect(documentOfContent(contentOf(ready), ready).bytes).to.deep.equal(ready.bytes);
  });

  it("other content than was signed: document.digest-mismatch", () => {
    const digest = parseDigest(`0x${"12".repeat(32)}`);
    expect(() => documentOfContent("{}", { digest })).to.throw("The bytes have the digest");
  });
});
