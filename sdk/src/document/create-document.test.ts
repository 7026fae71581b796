import { createHash } from "node:crypto";
import { expect } from "chai";
import { CID } from "multiformats/cid";
import * as z from "zod";
import type { ErrorCode } from "../errors/error-catalogue.js";
import { isPassportError } from "../errors/passport-error.js";
import { createDocument } from "./create-document.js";
import { MAXIMUM_DOCUMENT_BYTES } from "./document-size.js";
import { documentSchemas } from "./schemas/document-schemas.js";
import { defineDocument } from "./schemas/envelope.js";

const envelope = {
  productId: "https://id.weg.example/01/09521234543213/21/W22-000001",
  attester: "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
  issuedAt: "2026-11-22T13:08:00Z",
} as const;
const recall = { campaign: "2026-07", reason: "Seal leaks.", remedy: "Replace the seal." };
const zeros = (length: number): Uint8Array => new Uint8Array(length);

const withCode = (code: ErrorCode) => (error: unknown) => isPassportError(error, code);

describe("createDocument", () => {
  it("writes the canonical bytes, and their digest and CID", () => {
    const { document, bytes, digest, cid } = createDocument("RECALLED", {
      ...envelope,
      data: recall,
      randomBytes: zeros,
    });
    expect(new TextDecoder().decode(bytes)).to.equal(
      '{"attester":"0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",' +
        '"data":{"campaign":"2026-07","reason":"Seal leaks.","remedy":"Replace the seal."},"eventType":"RECALLED",' +
        '"issuedAt":"2026-11-22T13:08:00Z","productId":"https://id.weg.example/01/09521234543213/21/W22-000001",' +
        '"salt":"00000000000000000000000000000000","schema":"digital-product-passport/1"}',
    );
    expect(digest).to.equal(`0x${createHash("sha256").update(bytes).digest("hex")}`);
    expect(Buffer.from(CID.parse(cid).multihash.digest).toString("hex")).to.equal(digest.slice(2));
    expect(document).to.deep.equal(JSON.parse(new TextDecoder().decode(bytes)));
  });

  it("asks for 16 random bytes, and never writes the same document twice", () => {
    const asked: number[] = [];
    const randomBytes = (length: number) => {
      asked.push(length);
      return zeros(length);
    };
    createDocument("RECALLED", { ...envelope, data: recall, randomBytes });
    expect(asked).to.deep.equal([16]);
    const [one, other] = [
      createDocument("RECALLED", { ...envelope, data: recall }),
      createDocument("RECALLED", { ...envelope, data: recall }),
    ];
    expect(one.digest).not.to.equal(other.digest);
  });

  it("refuses data that does not fit the event, and names the field", () => {
    // @ts-expect-error the campaign is missing
    expect(() => createDocument("RECALLED", { ...envelope, data: { reason: "x", remedy: "y" } }))
      .to.throw("The RECALLED document does not fit its schema: data.campaign")
      .satisfies(withCode("document.schema"));
  });

  it("refuses to let the caller choose the salt, the format or the event type", () => {
    const content = { ...envelope, data: recall, salt: "11".repeat(16), schema: "other/1", eventType: "STOLEN" };
    const { document } = createDocument("RECALLED", { ...content, randomBytes: zeros });
    expect(document).to.include({ salt: "00".repeat(16), schema: "digital-product-passport/1", eventType: "RECALLED" });
  });

  it("refuses an event type without a schema, also one that every object has", () => {
    for (const eventType of ["RELEASED", "EXPLODED", "constructor", "__proto__"]) {
      // @ts-expect-error no such event type
      expect(() => createDocument(eventType, { ...envelope, data: {} }))
        .to.throw()
        .satisfies(withCode("event-type.unknown"));
    }
  });

  it("refuses what JSON cannot hold, by its path", () => {
    const data = { ...recall, reason: "half a pair: \ud83d" };
    expect(() => createDocument("RECALLED", { ...envelope, data }))
      .to.throw("$.data.reason")
      .satisfies(withCode("document.not-canonicalisable"));
  });

  it("refuses a document over 256 KiB, and takes one of exactly that size", () => {
    const schemas = { BLOB: defineDocument("BLOB", { data: z.strictObject({ text: z.string() }) }) };
    const make = (length: number) =>
      createDocument("BLOB", { ...envelope, data: { text: "x".repeat(length) }, schemas });
    const rest = make(0).bytes.length;
    expect(make(MAXIMUM_DOCUMENT_BYTES - rest).bytes).to.have.length(262_144);
    expect(() => make(MAXIMUM_DOCUMENT_BYTES - rest + 1))
      .to.throw("262145")
      .satisfies(withCode("document.too-large"));
  });

  it("takes a brand's own schemas beside the suite's, and knows their types", () => {
    const painted = defineDocument("PAINTED", { data: z.strictObject({ ralColour: z.int() }) });
    const schemas = { ...documentSchemas, PAINTED: painted };
    const { document } = createDocument("PAINTED", { ...envelope, data: { ralColour: 5009 }, schemas });
    const colour: number = document.data.ralColour;
    expect(colour).to.equal(5009);
    expect(createDocument("RECALLED", { ...envelope, data: recall, schemas }).document.data.campaign).to.equal(
      "2026-07",
    );
    // @ts-expect-error a colour is a number
    expect(() => createDocument("PAINTED", { ...envelope, data: { ralColour: "blue" }, schemas })).to.throw(
      "ralColour",
    );
  });
});
