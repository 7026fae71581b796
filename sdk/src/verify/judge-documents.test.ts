import { expect } from "chai";
import { canonicalise } from "../document/canonicalise.js";
import { cidOf } from "../document/cid.js";
import { digestOf } from "../document/digest-of.js";
import { documentSchemas } from "../document/schemas/document-schemas.js";
import type { DocumentSchemas } from "../document/schemas/envelope.js";
import { eventTypeOf } from "../primitives/event-type.js";
import { parseHex } from "../primitives/hex.js";
import { addressOf, continued, evidenceOf, gathered, MOTOR, OUTAGE, ROLES } from "./honest-evidence.test.js";
import { judgeDocuments } from "./judge-documents.js";
import { openDocuments } from "./open-documents.js";
import type { Gathered } from "./verdict.js";

type Evidence = ReturnType<typeof evidenceOf>;

const judge = (evidence: Parameters<typeof openDocuments>[0] & Parameters<typeof judgeDocuments>[0]) =>
  judgeDocuments(evidence, openDocuments(evidence));

/** The motor's evidence with another answer of the store for entry 5. */
const storeReturning = (answer: (honest: Uint8Array) => Gathered<Uint8Array>, evidence = evidenceOf()): Evidence => {
  const documents = new Map(evidence.documents);
  const digest = evidence.entries.value[4]?.document;
  const honest = digest && documents.get(digest);
  if (digest === undefined || honest?.status !== "gathered") throw new Error("the motor has five documents");
  return { ...evidence, documents: documents.set(digest, answer(honest.value)) };
};

/** The motor's evidence where entry 5 names a document that says something else. */
const recordingOther = (change: (document: Record<string, unknown>) => unknown): Evidence => {
  const evidence = evidenceOf();
  const bytesOf = new Map(evidence.documents);
  const entries = evidence.entries.value.map((entry) => {
    const honest = bytesOf.get(entry.document);
    if (entry.sequence !== 5n || honest?.status !== "gathered") return entry;
    const bytes = canonicalise(change(JSON.parse(new TextDecoder().decode(honest.value))));
    bytesOf.set(digestOf(bytes), gathered(bytes));
    return { ...entry, document: digestOf(bytes) };
  });
  return { ...evidence, entries: gathered(entries), documents: bytesOf };
};

describe("judgeDocuments", () => {
  it("of all documents as recorded, is valid and opens them", () => {
    const verdict = judge(evidenceOf());
    expect(verdict.code).to.equal("documents.valid");
    expect(verdict.details.documents?.map(({ status }) => status)).to.deep.equal(Array(5).fill("valid"));
    expect(verdict.details.documents?.[4]).to.have.nested.property("document.data.kind", "lubrication");
  });

  it("without a store, is unknown", () => {
    expect(judge({ ...evidenceOf(), documents: undefined })).to.include({
      status: "unknown",
      code: "documents.no-store",
    });
  });

  it("without the entries, is unknown with the error's code", () => {
    expect(judge({ ...evidenceOf(), entries: OUTAGE })).to.include({ status: "unknown", code: "chain.unreachable" });
  });

  for (const code of ["document.not-found", "store.unreachable"] as const) {
    it(`of a document whose store says ${code}, is unknown: that is no forgery`, () => {
      const verdict = judge(storeReturning(() => ({ status: "missing", code, problem: "Not there." })));
      expect(verdict).to.include({ status: "unknown", code: "documents.unknown" });
      expect(verdict.reason).to.equal("The document of entry 5 could not be judged. Not there.");
      expect(verdict.details.documents?.[4]).to.include({ status: "unknown", code });
    });
  }

  it("of a document that nobody fetched, is unknown", () => {
    expect(judge({ ...evidenceOf(), documents: new Map() }).status).to.equal("unknown");
  });

  it("of a document of which any byte was changed, is invalid: the store lied", () => {
    for (const index of [0, 100, 300]) {
      const changed = storeReturning((bytes) =>
        gathered(bytes.map((byte, position) => (position === index ? byte ^ 1 : byte))),
      );
      expect(judge(changed).details.documents?.[4]).to.include({ status: "invalid", code: "document.digest-mismatch" });
    }
  });

  it("of a store that itself noticed other bytes, is invalid", () => {
    const lied = { status: "missing", code: "document.digest-mismatch", problem: "Other bytes." } as const;
    expect(judge(storeReturning(() => lied)).code).to.equal("documents.invalid");
  });

  it("of bytes that are too many, none at all, or another document, is invalid", () => {
    for (const bytes of [new Uint8Array(262_145), new Uint8Array(), canonicalise({ another: "document" })]) {
      expect(judge(storeReturning(() => gathered(bytes))).code).to.equal("documents.invalid");
    }
  });

  for (const [deceit, change, code] of [
    ["another product", { productId: `${MOTOR.productId}2` }, "document.other-product"],
    ["another event", { eventType: "REPAIRED" }, "document.other-event"],
    ["another attester", { attester: addressOf("nobody") }, "document.other-attester"],
  ] as const) {
    it(`of a recorded document that speaks of ${deceit}, is invalid`, () => {
      const verdict = judge(recordingOther((document) => ({ ...document, ...change })));
      expect(verdict.details.documents?.[4]).to.include({ status: "invalid", code });
      expect(verdict.code).to.equal("documents.invalid");
    });
  }

  it("of a recorded document that lacks what its event must say, is invalid", () => {
    const verdict = judge(recordingOther((document) => ({ ...document, data: {} })));
    expect(verdict.details.documents?.[4]).to.include({ status: "invalid", code: "document.schema" });
  });

  it("of a recorded document in a later format, is unknown", () => {
    const verdict = judge(recordingOther((document) => ({ ...document, schema: "digital-product-passport/9" })));
    expect(verdict.details.documents?.[4]).to.include({ status: "unknown", code: "document.unknown-format" });
  });

  it("of an event of a brand, is unknown without its schemas and valid with them", () => {
    const { MAINTAINED: _, ...others } = documentSchemas;
    const evidence = evidenceOf();
    const judgeWith = (schemas: DocumentSchemas) => judgeDocuments(evidence, openDocuments(evidence, { schemas }));
    expect(judgeWith(others).details.documents?.[4]).to.include({ status: "unknown", code: "event-type.unknown" });
    expect(judgeWith(documentSchemas).status).to.equal("valid");
  });

  it("of one invalid and one missing document, is invalid and names the invalid one", () => {
    const wrong = storeReturning(() => gathered(new Uint8Array()));
    const first = wrong.entries.value[0]?.document;
    const documents = new Map(wrong.documents);
    if (first !== undefined) documents.set(first, { status: "missing", code: "store.unreachable", problem: "Down." });
    const verdict = judge({ ...wrong, documents });
    expect(verdict.code).to.equal("documents.invalid");
    expect(verdict.values).to.include({ entries: "entry 5" });
  });

  it("of a release, takes the document of its lock", () => {
    const buyer = addressOf("buyer");
    const locked = evidenceOf(continued(MOTOR, { type: "LOCKED", attester: buyer, roles: ROLES.owner }));
    const [lock] = locked.entries.value.slice(-1);
    if (lock === undefined) throw new Error("the motor is locked");
    const release = { ...lock, sequence: 7n, eventType: eventTypeOf("RELEASED"), attester: addressOf("escrow") };
    expect(judge({ ...locked, entries: gathered([...locked.entries.value, release]) }).code).to.equal(
      "documents.valid",
    );
  });

  it("of an address without a passport, judges nothing", () => {
    expect(judge({ ...evidenceOf(), code: parseHex("0x") }).status).to.equal("notApplicable");
  });
});

describe("judgeDocuments, attachments", () => {
  const sha256 = digestOf(Uint8Array.of(1));
  const attachment = { name: "Certificate", mediaType: "application/pdf", size: 1, sha256, cid: cidOf(sha256) };
  const certified = evidenceOf(
    continued(MOTOR, {
      type: "QUALITY_TESTED",
      attester: addressOf("certifier"),
      roles: ROLES.certifier,
      attachments: [attachment],
    }),
  );
  const fetched = (size: Gathered<bigint>) =>
    judge({ ...certified, attachments: [{ sequence: 6n, attachment, size }] });

  it("nobody asked for, are no part of the verdict, which says so", () => {
    const verdict = judge(certified);
    expect(verdict.code).to.equal("documents.valid");
    expect(verdict.reason).to.match(/The file that they list is not looked at\.$/);
  });

  it("that came unchanged, are valid", () => {
    const verdict = fetched(gathered(1n));
    expect(verdict.code).to.equal("documents.valid");
    expect(verdict.reason).to.match(/The file that they list is unchanged, too\.$/);
  });

  for (const [code, status] of [
    ["document.not-found", "unknown"],
    ["store.unreachable", "unknown"],
    ["store.incomplete", "unknown"],
    ["document.digest-mismatch", "invalid"],
  ] as const) {
    it(`of which the store says ${code}, are ${status}`, () => {
      const verdict = fetched({ status: "missing", code, problem: "So it is." });
      expect(verdict).to.include({ status, code: `documents.attachment-${status}` });
      expect(verdict.reason).to.contain("file Certificate of entry 6");
    });
  }
});
