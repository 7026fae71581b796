import { setTimeout } from "node:timers/promises";
import {
  type Bytes27,
  createMemoryStore,
  type Item,
  isPassportError,
  PassportError,
  parseBytes27,
} from "@digital-product-passport/sdk";
import { expect } from "chai";
import { type AnchoringProgress, type BatchFiles, type CutBatch, createAnchoring } from "./create-anchoring.js";

interface Created extends BatchFiles {
  readonly sequence: number;
}

const headAt = (sequence: number): Bytes27 => parseBytes27(`0x${sequence.toString(16).padStart(54, "0")}`);
const cutOf = (sequence: number): CutBatch => ({
  sequence,
  head: headAt(sequence),
  first: sequence * 10 - 9,
  last: sequence * 10,
});
const createdOf = (sequence: number): Created => ({
  sequence,
  bytes: Buffer.from(`document ${sequence}`),
  file: new Uint8Array(Buffer.from(`file ${sequence}`)),
});

describe("createAnchoring", () => {
  let store: ReturnType<typeof createMemoryStore>;
  let happened: string[];
  let progress: AnchoringProgress[];
  let loaded: number[];
  let loadedHead: (sequence: number) => Bytes27;
  let outages: number;
  let abort: AbortController;
  let running: Promise<void> | undefined;

  beforeEach(() => {
    store = createMemoryStore();
    happened = [];
    progress = [];
    loaded = [];
    loadedHead = headAt;
    outages = 0;
    abort = new AbortController();
  });
  afterEach(async () => {
    abort.abort();
    await running?.catch(() => undefined);
  });

  const open = () =>
    createAnchoring<Created, number>({
      gateway: "the test's",
      load: async ({ sequence }) => {
        loaded.push(sequence);
        return { head: loadedHead(sequence), created: createdOf(sequence) };
      },
      sign: async ({ sequence }) => {
        happened.push(`sign ${sequence}`);
        return { id: `item ${sequence}`, orderedBy: "gateway", payload: sequence };
      },
      store: {
        ...store,
        put: async (bytes) => {
          happened.push(Buffer.from(bytes).toString());
          return await store.put(bytes);
        },
        putFile: async (file) => {
          if (outages-- > 0) throw new PassportError("store.unreachable", { store: "the test's", problem: "away" });
          happened.push(await file.text());
          return await store.putFile(file);
        },
      },
      persist: async (task) => {
        for (;;) {
          try {
            return await task();
          } catch (error) {
            if (!isPassportError(error, "store.unreachable")) throw error;
          }
        }
      },
      onProgress: (each) => progress.push(each),
    });
  const run = (anchoring: ReturnType<typeof open>): Item<number>[] => {
    const items: Item<number>[] = [];
    const submit = async (item: Item<number>) => items.push(item) > 0;
    running = anchoring.run({ submit }, abort.signal);
    running.catch(() => undefined);
    return items;
  };
  const until = async (isSo: () => boolean): Promise<void> => {
    const end = performance.now() + 5_000;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`It did not come: ${JSON.stringify(happened)}`);
      await setTimeout(2);
    }
  };

  it("batches, are stored before they are signed, the document last, and submitted in their order", async () => {
    const anchoring = open();
    anchoring.take(cutOf(1), createdOf(1));
    const items = run(anchoring);
    anchoring.take(cutOf(2), createdOf(2));
    await until(() => items.length === 2);
    expect(happened).to.deep.equal([1, 2].flatMap((n) => [`file ${n}`, `document ${n}`, `sign ${n}`]));
    expect(items.map(({ payload }) => payload)).to.deep.equal([1, 2]);
    await until(() => anchoring.waiting() === 0);
    expect(loaded).to.deep.equal([]);
  });

  it("more batches than are kept in memory, are made again from what was cut when their turn comes", async () => {
    const anchoring = open();
    for (let sequence = 1; sequence <= 7; sequence++) anchoring.take(cutOf(sequence), createdOf(sequence));
    const items = run(anchoring);
    await until(() => items.length === 7);
    expect(loaded).to.deep.equal([5, 6, 7]);
  });

  it("as many batches as are kept in memory, leave room for the next one only when the first is handed on", async () => {
    const anchoring = open();
    const { signal } = abort;
    for (let sequence = 1; sequence <= 3; sequence++) anchoring.take(cutOf(sequence), createdOf(sequence));
    await anchoring.room(signal);
    anchoring.take(cutOf(4), createdOf(4));
    const room = anchoring.room(signal).then(() => happened.push("room"));
    await setTimeout(30);
    expect(happened).to.deep.equal([]);
    const items = run(anchoring);
    await room;
    expect(items.length).to.be.greaterThanOrEqual(1);
    expect(loaded).to.deep.equal([]);
  });

  it("whoever waits for room, is let go by the signal", async () => {
    const anchoring = open();
    for (let sequence = 1; sequence <= 4; sequence++) anchoring.take(cutOf(sequence), createdOf(sequence));
    const room = anchoring.room(abort.signal);
    abort.abort();
    await room;
    await anchoring.room(abort.signal);
    expect(anchoring.waiting()).to.equal(4);
  });

  it("a store that is away, is waited for, and nothing is signed meanwhile", async () => {
    outages = 3;
    const anchoring = open();
    anchoring.take(cutOf(1), createdOf(1));
    const items = run(anchoring);
    await until(() => items.length === 1);
    expect(happened).to.deep.equal(["file 1", "document 1", "sign 1"]);
  });

  it("a batch that is no longer what was cut, is neither stored nor signed", async () => {
    loadedHead = () => headAt(99);
    const anchoring = open();
    anchoring.take(cutOf(1));
    run(anchoring);
    const code = await running?.catch((error: unknown) => (isPassportError(error) ? error.code : error));
    expect([code, happened]).to.deep.equal(["journal.damaged", []]);
  });

  it("what becomes of a batch, is told; one that is refused ends it, for nothing after it can be anchored", async () => {
    const anchoring = open();
    anchoring.take(cutOf(1), createdOf(1));
    const items = run(anchoring);
    await until(() => items.length === 1);
    const recorded = { result: undefined, transactionHash: `0x${"ab".repeat(32)}` };
    // Safety: of a receipt the stage looks at nothing else.
    anchoring.hear({ status: "sequenced", id: "item 1", ...recorded } as never);
    expect(progress.at(-1)).to.deep.include({ sequence: 1, readings: 10, status: "sequenced" });
    const error = new PassportError("chain.request-refused", { endpoint: "the test's", problem: "no" });
    expect(() => anchoring.hear({ status: "refused", id: "item 1", error })).to.throw(/refuses batch 1 /);
  });
});
