import { expect } from "chai";
import { isPassportError, PassportError } from "../../errors/passport-error.js";
import { cidOf } from "../cid.js";
import { describeFile } from "../describe-file.js";
import { digestOf } from "../digest-of.js";
import { readAttachment } from "../read-attachment.js";
import type { FullDocumentStore } from "./document-store.js";
import { createMemoryStore } from "./memory-store.js";
import { createReplicatedStore, type StoreFailure } from "./replicated-store.js";

const bytes = new TextEncoder().encode('{"a":1}');
const digest = digestOf(bytes);
const cid = cidOf(digest);
const smallFile = new Blob(["small"]);
const largeFile = new Blob([new Uint8Array(600_000).fill(7)]);

const failing = (error: () => Error): FullDocumentStore => {
  const fail = async (): Promise<never> => {
    throw error();
  };
  const stream = (): AsyncIterable<never> => ({ [Symbol.asyncIterator]: () => ({ next: fail }) });
  return { put: fail, get: fail, putFile: fail, getFile: stream, unpin: fail, list: stream };
};
const away = (): FullDocumentStore =>
  failing(() => new PassportError("store.unreachable", { store: "host", problem: "no answer" }));
const crashing = (): FullDocumentStore => failing(() => new TypeError("undefined is not a function"));

/** Serves other bytes for everything, and says of everything that it keeps something else. */
const lying = (): FullDocumentStore => ({
  ...createMemoryStore(),
  put: () => createMemoryStore().put(new TextEncoder().encode("other")),
  putFile: () => createMemoryStore().putFile(new Blob(["other"])),
  get: async () => new TextEncoder().encode("other"),
  getFile: async function* () {
    yield new TextEncoder().encode("other");
  },
});

/** Sends the beginning of a file, then fails. */
const breakingOff = (): FullDocumentStore => ({
  ...away(),
  getFile: async function* () {
    yield new Uint8Array();
    yield new Uint8Array(10).fill(7);
    throw new PassportError("store.unreachable", { store: "host", problem: "connection lost" });
  },
});

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

async function keptIn(store: FullDocumentStore): Promise<number> {
  return (await collect(store.list())).length;
}

async function errorOf(promise: Promise<unknown>): Promise<PassportError> {
  const error = await promise.then(
    () => new Error("it was accepted"),
    (caught: unknown) => caught,
  );
  if (isPassportError(error)) return error;
  throw error;
}

/** Which stores failed with what, as an error remembers it. */
function failuresOf({ details }: PassportError): readonly string[] {
  // Safety: of this store's errors; whatever else it is makes the comparison fail.
  return (details["failures"] as readonly StoreFailure[]).map(({ store, code }) => `${store} ${code}`);
}

describe("createReplicatedStore", () => {
  it("keeps a document and a file in every store", async () => {
    const [first, second] = [createMemoryStore(), createMemoryStore()];
    const store = createReplicatedStore({ first, second }, { required: 2 });
    expect(await store.put(bytes)).to.deep.equal({ digest, cid });
    expect(await store.putFile(largeFile)).to.deep.equal(await describeFile(largeFile));
    for (const one of [first, second]) expect(await keptIn(one)).to.equal(2);
  });

  for (const [circumstance, broken] of [
    ["is away", away],
    ["keeps something else", lying],
    ["throws anything", crashing],
  ] as const) {
    it(`put, where one of three ${circumstance}, succeeds with two and reports the third`, async () => {
      const [first, last] = [createMemoryStore(), createMemoryStore()];
      const failures: StoreFailure[] = [];
      const onFailure = (failure: StoreFailure): unknown => failures.push(failure);
      const store = createReplicatedStore({ first, broken: broken(), last }, { required: 2, onFailure });
      await store.put(bytes);
      await store.putFile(smallFile);
      expect(failures.map((failure) => failure.store)).to.deep.equal(["broken", "broken"]);
      expect([await keptIn(first), await keptIn(last)]).to.deep.equal([2, 2]);
    });

    it(`put, where one ${circumstance} and all are required, names it, and loses nothing in the others`, async () => {
      const first = createMemoryStore();
      const store = createReplicatedStore({ first, broken: broken() }, { required: 2 });
      for (const put of [store.put(bytes), store.putFile(largeFile)]) {
        const error = await errorOf(put);
        expect(error.code).to.equal("store.too-few");
        expect(error.message).to.include("Only 1 of the 2").and.include("broken: ");
        expect(failuresOf(error)).to.have.length(1);
      }
      expect(await keptIn(first)).to.equal(2);
    });

    it(`get, where the first ${circumstance}, reads from the next and reports the first`, async () => {
      const second = createMemoryStore();
      await second.put(bytes);
      const { cid: small } = await second.putFile(smallFile);
      const failures: StoreFailure[] = [];
      const onFailure = (failure: StoreFailure): unknown => failures.push(failure);
      const store = createReplicatedStore({ broken: broken(), second }, { required: 1, onFailure });
      expect(await store.get(digest)).to.deep.equal(bytes);
      const pieces = await collect(store.getFile(small));
      expect(Buffer.concat(pieces).toString()).to.equal("small");
      expect(failures.map((failure) => failure.store)).to.deep.equal(["broken", "broken"]);
    });
  }

  it("refuses a document that is too large before any store is asked", async () => {
    const failures: StoreFailure[] = [];
    const onFailure = (failure: StoreFailure): unknown => failures.push(failure);
    const store = createReplicatedStore({ away: away() }, { required: 1, onFailure });
    expect((await errorOf(store.put(new Uint8Array(262_145)))).code).to.equal("document.too-large");
    expect(failures).to.deep.equal([]);
  });

  for (const [circumstance, stores, code] of [
    ["all are away", { a: away(), b: away() }, "store.unreachable"],
    ["all have it not", { a: createMemoryStore(), b: createMemoryStore() }, "document.not-found"],
    ["one is away and one has it not", { a: createMemoryStore(), b: away() }, "store.unreachable"],
    ["one is away and one lies", { a: lying(), b: away() }, "store.unreachable"],
    ["one lies and one has it not", { a: createMemoryStore(), b: lying() }, "document.digest-mismatch"],
    ["all lie", { a: lying(), b: lying() }, "document.digest-mismatch"],
    ["one throws anything and one has it not", { a: crashing(), b: createMemoryStore() }, "store.unreachable"],
  ] as const) {
    it(`get, where ${circumstance}, fails with ${code} and remembers what each store did`, async () => {
      const store = createReplicatedStore(stores, { required: 1 });
      for (const reading of [store.get(digest), collect(store.getFile(cid))]) {
        const error = await errorOf(reading);
        expect(error.code).to.equal(code);
        expect(failuresOf(error).map((failure) => failure[0])).to.deep.equal(["a", "b"]);
      }
    });
  }

  it("tells the store that lied from the one that is away", async () => {
    const store = createReplicatedStore({ liar: lying(), cut: away() }, { required: 1 });
    expect(failuresOf(await errorOf(store.get(digest)))).to.deep.equal([
      "liar document.digest-mismatch",
      "cut store.unreachable",
    ]);
  });

  it("reads from a reader what no store has, and writes nothing to it", async () => {
    const [own, gateway] = [createMemoryStore(), createMemoryStore()];
    await gateway.put(bytes);
    const store = createReplicatedStore({ own }, { required: 1, readers: { gateway } });
    expect(await store.get(digest)).to.deep.equal(bytes);
    await store.putFile(smallFile);
    expect([await keptIn(own), await keptIn(gateway)]).to.deep.equal([1, 1]);
  });

  it("streams a large file from the next store if the first fails before its first byte", async () => {
    const second = createMemoryStore();
    const description = await second.putFile(largeFile);
    const silent: FullDocumentStore = { ...away(), getFile: async function* () {} };
    const store = createReplicatedStore({ away: away(), silent, second }, { required: 1 });
    const pieces = await collect(readAttachment(store, description));
    expect(pieces.reduce((size, { length }) => size + length, 0)).to.equal(600_000);
  });

  it("does not mix two stores in one file: what breaks off after its first byte fails, and is reported", async () => {
    const second = createMemoryStore();
    const description = await second.putFile(largeFile);
    const failures: StoreFailure[] = [];
    const onFailure = (failure: StoreFailure): unknown => failures.push(failure);
    const store = createReplicatedStore({ first: breakingOff(), second }, { required: 1, onFailure });
    expect((await errorOf(collect(store.getFile(description.cid)))).code).to.equal("store.unreachable");
    expect(failures.map((failure) => failure.store)).to.deep.equal(["first"]);
  });

  it("leaves a forged large file to readAttachment, which finds it", async () => {
    const second = createMemoryStore();
    const description = await second.putFile(largeFile);
    const store = createReplicatedStore({ liar: lying(), second }, { required: 1 });
    const { code } = await errorOf(collect(readAttachment(store, description)));
    expect(code).to.be.oneOf(["document.digest-mismatch", "store.incomplete"]);
  });

  it("lets go of the stream when its reader stops", async () => {
    let closed = false;
    const endless: FullDocumentStore = {
      ...away(),
      getFile: async function* () {
        try {
          for (;;) yield Uint8Array.of(1);
        } finally {
          closed = true;
        }
      },
    };
    const store = createReplicatedStore({ endless }, { required: 1 });
    for await (const _ of store.getFile((await describeFile(largeFile)).cid)) break;
    expect(closed).to.equal(true);
  });

  it("lists once what several stores keep, and only then says that one is away", async () => {
    const [first, second] = [createMemoryStore(), createMemoryStore()];
    await createReplicatedStore({ first, second }, { required: 2 }).put(bytes);
    await second.putFile(smallFile);
    expect(await keptIn(createReplicatedStore({ first, second }, { required: 1 }))).to.equal(2);
    const listed: string[] = [];
    const error = await errorOf(
      (async () => {
        for await (const one of createReplicatedStore({ cut: away(), second }, { required: 1 }).list())
          listed.push(one);
      })(),
    );
    expect(error.code).to.equal("store.unreachable");
    expect(listed).to.have.length(2);
  });

  it("unpins in all stores that answer, and names the one that does not", async () => {
    const [first, second] = [createMemoryStore(), createMemoryStore()];
    await createReplicatedStore({ first, second }, { required: 2 }).put(bytes);
    const store = createReplicatedStore({ first, cut: away(), second }, { required: 2 });
    const error = await errorOf(store.unpin(cid));
    expect(failuresOf(error)).to.deep.equal(["cut store.unreachable"]);
    expect([await keptIn(first), await keptIn(second)]).to.deep.equal([0, 0]);
  });

  it("refuses to require more stores than there are, fewer than one, or half a store", () => {
    for (const required of [0, 3, 1.5, Number.NaN, -1]) {
      const create = (): unknown =>
        createReplicatedStore({ a: createMemoryStore(), b: createMemoryStore() }, { required });
      expect(create, String(required)).to.throw("required is not valid");
    }
    expect(() => createReplicatedStore({}, { required: 1 })).to.throw("required is not valid");
  });
});
