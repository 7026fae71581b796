import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { ErrorCode } from "../../errors/error-catalogue.js";
import { isPassportError } from "../../errors/passport-error.js";
import { cidOf } from "../cid.js";
import { digestOf } from "../digest-of.js";
import { createDiskStore } from "./disk-store.js";

const bytes = new TextEncoder().encode('{"a":1}');
const digest = digestOf(bytes);

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | undefined> {
  const error = await promise.catch((caught: unknown) => caught);
  return isPassportError(error) ? error.code : undefined;
}

describe("createDiskStore", () => {
  let folder = "";

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "disk-store-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("keeps a document as a plain file named after its CID, and nothing else", async () => {
    await createDiskStore(folder).put(bytes);
    expect(await readdir(folder)).to.deep.equal([cidOf(digest)]);
    expect(await readFile(join(folder, cidOf(digest)), "utf8")).to.equal('{"a":1}');
  });

  it("makes its folder when the first document comes", async () => {
    const store = createDiskStore(join(folder, "deep", "below"));
    expect(await codeOf(store.get(digest))).to.equal("document.not-found");
    expect(await collect(store.list())).to.deep.equal([]);
    await store.put(bytes);
    expect(await store.get(digest)).to.deep.equal(bytes);
  });

  it("finds what another process has put", async () => {
    await createDiskStore(folder).put(bytes);
    expect(await createDiskStore(folder).get(digest)).to.deep.equal(bytes);
  });

  it("puts many documents at once, also the same one", async () => {
    const store = createDiskStore(folder);
    const documents = Array.from({ length: 50 }, (_, index) => new TextEncoder().encode(`{"a":${index % 25}}`));
    await Promise.all(documents.map((document) => store.put(document)));
    expect(await readdir(folder)).to.have.length(25);
    for (const document of documents) expect(await store.get(digestOf(document))).to.deep.equal(document);
  });

  it("finds a file that was changed or cut on the disk, and mends it when the document comes again", async () => {
    const store = createDiskStore(folder);
    const path = join(folder, cidOf(digest));
    for (const content of ['{"a":2}', '{"a"', "", "x".repeat(300_000)]) {
      await writeFile(path, content);
      expect(await codeOf(store.get(digest)), content.slice(0, 9)).to.be.oneOf([
        "document.digest-mismatch",
        "document.too-large",
      ]);
      await store.put(bytes);
      expect(await store.get(digest)).to.deep.equal(bytes);
    }
  });

  it("does not list what a crash has left unfinished, nor foreign files", async () => {
    const store = createDiskStore(folder);
    await store.put(bytes);
    await writeFile(join(folder, `${cidOf(digest)}.0.unfinished`), "{");
    await writeFile(join(folder, "readme.txt"), "mine");
    expect(await collect(store.list())).to.deep.equal([cidOf(digest)]);
  });

  it("reports a folder that is none as unreachable, and leaves nothing behind", async () => {
    const path = join(folder, "file");
    await writeFile(path, "");
    const store = createDiskStore(path);
    expect(await codeOf(store.put(bytes))).to.equal("store.unreachable");
    expect(await codeOf(store.get(digest))).to.equal("store.unreachable");
    expect(await codeOf(collect(store.list()))).to.equal("store.unreachable");
    expect(await readdir(folder)).to.deep.equal(["file"]);
  });

  it("reports a folder it may not write as unreachable", async function () {
    // Root may write anywhere, and Windows has other rights.
    if (process.getuid?.() === 0 || process.platform === "win32") this.skip();
    await chmod(folder, 0o500);
    expect(await codeOf(createDiskStore(folder).put(bytes))).to.equal("store.unreachable");
  });
});
