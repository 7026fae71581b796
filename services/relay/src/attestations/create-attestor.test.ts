import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  accountAttester,
  createProvider,
  type Item,
  isPassportError,
  type Journal,
  PassportError,
  type SignedAttestation,
  signAttestation,
} from "@digital-product-passport/sdk";
import { createFileJournal } from "@digital-product-passport/sdk/node";
import { expect } from "chai";
import { Wallet } from "ethers";
import { type AttestationProgress, type Attestor, createAttestor } from "./create-attestor.js";
import type { Draft } from "./draft.js";

const PRODUCT = "https://id.weg.example/01/09521122000019/21/W22-2600037";
const ADDRESS = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const EXPIRED = new PassportError("contract.digital-passport-expired", { expiredAt: 1n, currentTime: 2n });
const REFUSED = new PassportError("chain.request-refused", { endpoint: "the test's", problem: "no" });

const draftOf = (code: string): Draft => ({
  kind: "alarm",
  productId: PRODUCT,
  data: {
    window: { from: "2026-11-27T12:00:00Z", until: "2026-11-27T12:00:01Z" },
    batches: { readingsAnchor: ADDRESS, gateway: ADDRESS, first: 1, last: 1 },
    series: [
      {
        id: "winding-1",
        quantity: "winding-temperature",
        unit: "Cel",
        count: 1,
        minimum: "131",
        mean: "131",
        maximum: "131",
      },
    ],
    alarm: { severity: "critical", code, description: "It is too hot." },
  },
});

describe("createAttestor", () => {
  let folder: string;
  let journal: Journal;
  let signed: string[];
  let progress: AttestationProgress[];
  let items: Item<SignedAttestation>[];
  let abort: AbortController;
  let running: Promise<void> | undefined;
  /** Nobody is asked anything: what is signed needs no chain. */
  const provider = createProvider("http://127.0.0.1:9", { chainId: 31_337n });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "attestor-"));
    journal = await createFileJournal(join(folder, "attestations.journal"));
    [signed, progress, items] = [[], [], []];
    abort = new AbortController();
  });
  afterEach(async () => {
    await stop();
    await journal.close();
    await rm(folder, { recursive: true });
  });
  after(() => provider.destroy());

  const open = async (): Promise<Attestor> => {
    const attester = await accountAttester(new Wallet(`0x${"11".repeat(32)}`));
    return await createAttestor({
      journal,
      sign: async ({ productId, data }) => {
        signed.push(String(Reflect.get(Object(data["alarm"]), "code")));
        const context = { provider, chainId: 31_337n, registry: attester.address, clock: () => 1_700_000_000n };
        return await signAttestation(
          { ...context, attester, randomBytes: (length) => new Uint8Array(length).fill(signed.length) },
          {
            passport: ADDRESS,
            productId,
            eventType: "READINGS",
            // Safety: the schema of READINGS checks it.
            document: { data: data as never },
            deadline: 1_800_000_000n,
          },
        );
      },
      onProgress: (each) => progress.push(each),
    });
  };
  const run = (attestor: Attestor): void => {
    running = attestor.run({ submit: async (item) => items.push(item) > 0 }, abort.signal);
    running.catch(() => undefined);
  };
  const stop = async (): Promise<void> => {
    abort.abort();
    await running?.catch(() => undefined);
    abort = new AbortController();
  };
  const reopen = async (): Promise<Attestor> => {
    await stop();
    await journal.close();
    journal = await createFileJournal(join(folder, "attestations.journal"));
    return await open();
  };
  const until = async (isSo: () => boolean): Promise<void> => {
    const end = performance.now() + 5_000;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`It did not come: ${JSON.stringify({ signed, progress })}`);
      await setTimeout(2);
    }
  };

  it("what a step leads to, is signed and submitted once, also if the step is taken again", async () => {
    const attestor = await open();
    await attestor.take(1, [draftOf("a"), draftOf("b")]);
    expect([attestor.pending(), attestor.unsubmitted()]).to.deep.equal([2, 2]);
    run(attestor);
    await attestor.take(2, [draftOf("c")]);
    await attestor.take(1, [draftOf("a"), draftOf("b")]);
    await until(() => items.length === 3);
    expect(signed).to.deep.equal(["a", "b", "c"]);
    expect(new Set(items.map(({ orderedBy }) => orderedBy))).to.deep.equal(new Set([ADDRESS]));
    expect([attestor.pending(), attestor.unsubmitted()]).to.deep.equal([3, 0]);
  });

  it("after a crash, submits the same signature again, and signs what was only decided", async () => {
    const attestor = await open();
    await attestor.take(1, [draftOf("a")]);
    run(attestor);
    await until(() => items.length === 1);
    await stop();
    await attestor.take(2, [draftOf("b")]);
    const again = await reopen();
    await again.take(2, [draftOf("b")]);
    expect(again.pending()).to.equal(2);
    run(again);
    await until(() => items.length === 3);
    expect(items[1]).to.deep.equal(items[0]);
    expect(signed).to.deep.equal(["a", "b"]);
  });

  it("what is final, is forgotten, for ever", async () => {
    const attestor = await open();
    await attestor.take(1, [draftOf("a")]);
    run(attestor);
    await until(() => items.length === 1);
    await attestor.hear({ status: "finalized", id: items[0]?.id ?? "" });
    await attestor.hear({ status: "finalized", id: "of somebody else" });
    expect(attestor.pending()).to.equal(0);
    expect(progress.map(({ status }) => status)).to.deep.equal(["decided", "final"]);
    const again = await reopen();
    await again.take(1, [draftOf("a")]);
    expect(again.pending()).to.equal(0);
  });

  it("a signature that is too old, is replaced by a new one; whatever else is refused, is told and waits", async () => {
    const attestor = await open();
    await attestor.take(1, [draftOf("a")]);
    run(attestor);
    await until(() => items.length === 1);
    await attestor.hear({ status: "refused", id: items[0]?.id ?? "", error: EXPIRED });
    await until(() => items.length === 2);
    expect(items[1]?.id).not.to.equal(items[0]?.id);
    await attestor.hear({ status: "refused", id: items[1]?.id ?? "", error: REFUSED });
    expect(progress.map(({ status }) => status)).to.deep.equal(["decided", "refused", "refused"]);
    expect(progress.at(-1)?.error).to.equal(REFUSED);
    expect([attestor.pending(), attestor.unsubmitted()]).to.deep.equal([1, 0]);
    expect(signed).to.deep.equal(["a", "a"]);
  });

  it("a record that is none of its own, is damage and never skipped", async () => {
    await journal.append([{ type: "taken", step: 0, drafts: [] }]);
    const code = await open().catch((error: unknown) => (isPassportError(error) ? error.code : error));
    expect(code).to.equal("journal.damaged");
  });
});
