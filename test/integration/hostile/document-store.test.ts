import { expect } from "chai";
import type { DocumentStore } from "../../../sdk/src/document/stores/document-store.js";
import { PassportError } from "../../../sdk/src/errors/passport-error.js";
import type { Digest } from "../../../sdk/src/primitives/hex.js";
import { openVerificationBench } from "../../support/verification-bench.js";

const { rpc, motor, verify } = await openVerificationBench();

/** Verifies the motor with documents from a store that answers so. */
const verifyWith = (get: DocumentStore["get"]) =>
  verify({}, { store: { get, put: () => Promise.reject(new Error("nobody writes here")) } });

const lastDigest = async (): Promise<Digest> => {
  const { documents = [] } = (await verify()).verdicts.documents.details;
  return documents.at(-1)?.entry.document ?? expect.fail("The motor has documents.");
};

after(() => rpc.close());

describe("A hostile document store cannot", () => {
  it("change a byte of a document, at its beginning, in it or at its end", async () => {
    for (const position of [0, 0.5, 1]) {
      const report = await verifyWith(async (digest) => {
        const bytes = Uint8Array.from(await motor.store.get(digest));
        const index = Math.round(position * (bytes.length - 1));
        return bytes.map((byte, at) => (at === index ? byte ^ 1 : byte));
      });
      expect(report.verdicts.documents.status).to.equal("invalid");
    }
  });

  it("serve another genuine document, a shorter or a longer one, or none at all", async () => {
    const other = await lastDigest();
    for (const change of [
      async () => motor.store.get(other),
      async (digest: Digest) => (await motor.store.get(digest)).slice(0, -1),
      async (digest: Digest) => Uint8Array.from([...(await motor.store.get(digest)), 0x20]),
      async () => new Uint8Array(),
    ]) {
      expect((await verifyWith(change)).verdicts.documents.status).to.equal("invalid");
    }
  });

  it("touch the history, the owner or the condition", async () => {
    const { verdicts } = await verifyWith(async () => new TextEncoder().encode('{"owner":"me"}'));
    expect([verdicts.registration.status, verdicts.history.status, verdicts.condition.status]).to.deep.equal([
      "valid",
      "valid",
      "valid",
    ]);
  });

  it("make what it has lost look like a forgery", async () => {
    for (const error of [
      new PassportError("document.not-found", { cid: "lost" }),
      new PassportError("store.unreachable", { store: "s", problem: "down" }),
      new Error("ECONNRESET"),
    ]) {
      const report = await verifyWith(() => Promise.reject(error));
      expect(report.verdicts.documents.status).to.equal("unknown");
    }
  });
});

describe("A hostile document store can", () => {
  it("lose or withhold documents: those are unknown, and named", async () => {
    const lost = await lastDigest();
    const report = await verifyWith((digest) => {
      if (digest === lost) throw new PassportError("document.not-found", { cid: digest });
      return motor.store.get(digest);
    });
    expect(report.status).to.equal("unknown");
    expect(report.verdicts.documents.values).to.include({ entries: "entry 5" });
  });

  it("tell who asks for which document, and read what is not encrypted", async () => {
    const asked: string[] = [];
    await verifyWith(async (digest) => {
      const bytes = await motor.store.get(digest);
      asked.push(JSON.parse(new TextDecoder().decode(bytes)).productId);
      return bytes;
    });
    expect(new Set(asked)).to.deep.equal(new Set([motor.productId]));
  });
});
