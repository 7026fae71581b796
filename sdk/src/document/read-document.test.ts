import { expect } from "chai";
import * as z from "zod";
import type { ErrorCode } from "../errors/error-catalogue.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseAddress } from "../primitives/hex.js";
import { canonicalise } from "./canonicalise.js";
import { createDocument } from "./create-document.js";
import { digestOf } from "./digest-of.js";
import { type ReadDocumentOptions, readDocument } from "./read-document.js";
import { documentSchemas } from "./schemas/document-schemas.js";
import { defineDocument } from "./schemas/envelope.js";

const attester = parseAddress("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");
const other = parseAddress("0x52908400098527886E0F7030069857D2E4169EE7");
const productId = "https://id.weg.example/01/09521234543213/21/W22-000001";
const envelope = { productId, attester, issuedAt: "2026-11-22T13:08:00Z" } as const;
const data = { campaign: "2026-07", reason: "Seal leaks.", remedy: "Replace the seal." };
const { document, bytes, digest } = createDocument("RECALLED", { ...envelope, data });
const entry = { digest, productId, eventType: eventTypeOf("RECALLED"), attester };

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = new TextDecoder().decode(bytes);

/** Judges bytes whose digest is the recorded one: what an attester can do, and a store cannot. */
function judgeRecorded(recorded: Uint8Array, change: Partial<ReadDocumentOptions> = {}) {
  return readDocument(recorded, { ...entry, digest: digestOf(recorded), ...change });
}

function expectInvalid(verdict: { readonly status: string }, reason: ErrorCode): void {
  expect(verdict).to.include({ status: "invalid", reason });
}

describe("readDocument", () => {
  it("returns the document of an entry, typed by its event", () => {
    const verdict = readDocument(bytes, entry);
    expect(verdict).to.deep.equal({ status: "valid", document });
    if (verdict.status === "valid" && verdict.document.eventType === "RECALLED") {
      expect(verdict.document.data.campaign).to.equal("2026-07");
    }
  });

  it("finds any one byte that was changed", () => {
    for (let index = 0; index < bytes.length; index++) {
      const changed = Uint8Array.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expectInvalid(readDocument(changed, entry), "document.digest-mismatch");
    }
    expectInvalid(readDocument(bytes.subarray(1), entry), "document.digest-mismatch");
    expectInvalid(readDocument(new Uint8Array(), entry), "document.digest-mismatch");
  });

  for (const [circumstance, recorded, reason] of [
    ["blanks, though it reads the same", encode(text.replace(":", ": ")), "document.not-canonical"],
    ["other order of keys", encode(`{"zone":1,${text.slice(1)}`), "document.not-canonical"],
    ["needless escapes", encode(text.replace("Seal", "\\u0053eal")), "document.not-canonical"],
    ["an exponent", encode(text.replace('"Seal leaks."', "1e1")), "document.not-canonical"],
    ["a key twice", encode(text.replace('"data":{', '"data":{"campaign":"2026-08",')), "document.not-json"],
    ["a byte order mark", encode(`\ufeff${text}`), "document.not-json"],
    ["no JSON", encode("passport"), "document.not-json"],
    ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22), "document.not-json"],
    ["half of a surrogate pair", encode(text.replace("leaks", "\\ud83d")), "document.not-canonicalisable"],
    ["a thousand levels", encode("[".repeat(1_000) + "]".repeat(1_000)), "document.not-json"],
    ["no object", canonicalise([document]), "document.schema"],
    ["nothing", new Uint8Array(), "document.not-json"],
    ["no format", canonicalise({ ...document, schema: 1 }), "document.schema"],
    ["a field too many", canonicalise({ ...document, note: "x" }), "document.schema"],
    ["data of another event", canonicalise({ ...document, data: { sequence: 1, reason: "x" } }), "document.schema"],
    ["a short salt", canonicalise({ ...document, salt: "00" }), "document.schema"],
    ["256 KiB and a byte", new Uint8Array(262_145), "document.too-large"],
    ["another product", canonicalise({ ...document, productId: `${productId}0` }), "document.other-product"],
    ["another event", canonicalise({ ...document, eventType: "STOLEN" }), "document.other-event"],
    ["another attester", canonicalise({ ...document, attester: other }), "document.other-attester"],
  ] as const) {
    it(`judges a recorded document with ${circumstance} as invalid`, () => {
      expectInvalid(judgeRecorded(recorded), reason);
    });
  }

  it("judges a valid document on another passport, event or attester as invalid", () => {
    expectInvalid(readDocument(bytes, { ...entry, productId: `${productId}0` }), "document.other-product");
    expectInvalid(readDocument(bytes, { ...entry, eventType: eventTypeOf("RECALL_CLOSED") }), "document.other-event");
    expectInvalid(readDocument(bytes, { ...entry, attester: other }), "document.other-attester");
  });

  it("accepts the LOCKED document for the RELEASED entry, whoever released, and no other", () => {
    const locked = createDocument("LOCKED", { ...envelope, data: { purpose: "sale in escrow" } });
    const released = { ...entry, digest: locked.digest, eventType: eventTypeOf("RELEASED"), attester: other };
    expect(readDocument(locked.bytes, released)).to.include({ status: "valid" });
    expectInvalid(readDocument(bytes, { ...released, digest }), "document.other-event");
    expectInvalid(
      readDocument(locked.bytes, { ...released, eventType: eventTypeOf("LOCKED") }),
      "document.other-attester",
    );
  });

  describe("of an event or format it does not know", () => {
    const schemas = {
      ...documentSchemas,
      PAINTED: defineDocument("PAINTED", { data: z.strictObject({ ral: z.int() }) }),
    };
    const painted = createDocument("PAINTED", { ...envelope, data: { ral: 5009 }, schemas });
    const paintedEntry = { ...entry, digest: painted.digest, eventType: eventTypeOf("PAINTED") };

    it("says unknown, and valid as soon as it is given the schema", () => {
      expect(readDocument(painted.bytes, paintedEntry)).to.include({ status: "unknown", reason: "event-type.unknown" });
      expect(readDocument(painted.bytes, { ...paintedEntry, schemas })).to.include({ status: "valid" });
    });

    it("still says invalid where the envelope shows a forgery", () => {
      expectInvalid(readDocument(painted.bytes, { ...paintedEntry, attester: other }), "document.other-attester");
    });

    it("says unknown of a later format", () => {
      const later = canonicalise({ ...document, schema: "digital-product-passport/2", more: true });
      expect(judgeRecorded(later)).to.include({ status: "unknown", reason: "document.unknown-format" });
    });
  });

  it("says in words what is wrong", () => {
    const verdict = readDocument(bytes, { ...entry, attester: other });
    expect(verdict.status === "valid" ? "" : verdict.message)
      .to.include(attester)
      .and.include(other);
  });
});
