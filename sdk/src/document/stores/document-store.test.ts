import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import type { ErrorCode } from "../../errors/error-catalogue.js";
import { isPassportError } from "../../errors/passport-error.js";
import type { Digest } from "../../primitives/hex.js";
import { type Cid, cidOf } from "../cid.js";
import { describeFile } from "../describe-file.js";
import { digestOf } from "../digest-of.js";
import { MAXIMUM_DOCUMENT_BYTES } from "../document-size.js";
import { createDiskStore } from "./disk-store.js";
import type { FullDocumentStore } from "./document-store.js";
import { createKuboStore } from "./kubo-store.js";
import { createMemoryStore } from "./memory-store.js";

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** The part of Kubo's RPC that the store uses, as Kubo answers it; a test may put its own answer before it. */
function createKuboDouble() {
  const contents = new Map<string, Uint8Array>();
  const requests: { readonly url: URL; readonly headers: IncomingMessage["headers"] }[] = [];
  const state: { answer: Answer | undefined } = { answer: undefined };

  const fail = (response: ServerResponse, Message: string): void => {
    response.writeHead(500, { "content-type": "application/json" });
    response.end(JSON.stringify({ Message, Code: 0, Type: "error" }));
  };
  const commands: Readonly<Record<string, (url: URL, request: IncomingMessage, response: ServerResponse) => unknown>> =
    {
      add: async (url, request, response) => {
        const form = await new Response(Readable.toWeb(request), {
          headers: { "content-type": request.headers["content-type"] ?? "" },
        }).formData();
        const [file] = form.values();
        if (!(file instanceof Blob)) return fail(response, "file argument 'path' is required");
        const options = ["cid-version", "raw-leaves", "chunker", "max-file-links", "pin"].map((name) =>
          url.searchParams.get(name),
        );
        if (options.join() !== "1,true,size-262144,174,true")
          return fail(response, `not Kubo's defaults for CIDv1: ${options}`);
        const { cid, size } = await describeFile(file);
        contents.set(cid, new Uint8Array(await file.arrayBuffer()));
        response.writeHead(200, { "content-type": "application/json" });
        response.end(`${JSON.stringify({ Name: cid, Hash: cid, Size: String(size) })}\n`);
      },
      cat: (url, _request, response) => {
        const cid = url.searchParams.get("arg") ?? "";
        const content = contents.get(cid);
        if (content === undefined)
          return fail(response, `block was not found locally (offline): ipld: could not find ${cid}`);
        response.writeHead(200, { "content-type": "text/plain" });
        response.end(content);
      },
      "pin/rm": (url, _request, response) => {
        const cid = url.searchParams.get("arg") ?? "";
        if (!contents.delete(cid)) return fail(response, "not pinned or pinned indirectly");
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ Pins: [cid] }));
      },
      "pin/ls": (_url, _request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        const foreign = "Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD";
        for (const Cid of [...contents.keys(), foreign])
          response.write(`${JSON.stringify({ Cid, Type: "recursive" })}\n`);
        response.end();
      },
    };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://kubo");
    requests.push({ url, headers: request.headers });
    if (state.answer !== undefined) return state.answer(request, response);
    const command = commands[url.pathname.replace("/api/v0/", "")];
    if (request.method !== "POST" || command === undefined) {
      response.writeHead(404, { "content-type": "text/plain" });
      return response.end("404 page not found");
    }
    await command(url, request, response);
  });
  return {
    requests,
    contents,
    answerWith: (answer: Answer | undefined) => {
      state.answer = answer;
    },
    start: () =>
      new Promise<string>((resolve) => {
        // Safety: a server that listens on TCP has such an address.
        server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
      }),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const encode = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content);
const unique = (): Uint8Array<ArrayBuffer> => encode(JSON.stringify({ id: crypto.randomUUID() }));

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | undefined> {
  const error = await promise.catch((caught: unknown) => caught);
  return isPassportError(error) ? error.code : undefined;
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.catch((caught: unknown) => caught);
  return error instanceof Error ? error.message : "";
}

/** What every store must do, whatever is behind it. */
function itKeepsDocuments(getStore: () => FullDocumentStore): void {
  it("returns what was put, by its digest", async () => {
    const bytes = unique();
    const { digest, cid } = await getStore().put(bytes);
    expect(digest).to.equal(digestOf(bytes));
    expect(cid).to.equal(cidOf(digest));
    expect(await getStore().get(digest)).to.deep.equal(bytes);
  });

  it("takes the same document again", async () => {
    const bytes = unique();
    expect(await getStore().put(bytes)).to.deep.equal(await getStore().put(bytes));
  });

  it("keeps what was put though the caller changes his bytes", async () => {
    const bytes = unique();
    const { digest } = await getStore().put(bytes);
    bytes.fill(0);
    expect(digestOf(await getStore().get(digest))).to.equal(digest);
  });

  it("takes a document of 256 KiB, and refuses a larger one", async () => {
    const bytes = new Uint8Array(MAXIMUM_DOCUMENT_BYTES).map((_, index) => index % 251);
    const { digest } = await getStore().put(bytes);
    expect(await getStore().get(digest)).to.deep.equal(bytes);
    expect(await codeOf(getStore().put(new Uint8Array(MAXIMUM_DOCUMENT_BYTES + 1)))).to.equal("document.too-large");
  });

  it("keeps a file of several blocks under the CID of its tree", async () => {
    const file = new Blob([unique(), new Uint8Array(600_000).map((_, index) => index % 249)]);
    const description = await getStore().putFile(file);
    expect(description).to.deep.equal(await describeFile(file));
    const pieces = await collect(getStore().getFile(description.cid));
    expect(Buffer.concat(pieces).equals(Buffer.from(await file.arrayBuffer()))).to.equal(true);
  });

  it("keeps an empty file", async () => {
    const { cid, size } = await getStore().putFile(new Blob([]));
    expect(size).to.equal(0);
    expect(Buffer.concat(await collect(getStore().getFile(cid)))).to.have.length(0);
  });

  it("refuses names that are none, so that no path outside can be read or removed", async () => {
    for (const name of ["../secret", "", "bafk", "0x12"]) {
      // Safety: wrong on purpose; callers in JavaScript have no types.
      const [cid, digest] = [name as Cid, name as Digest];
      expect(await codeOf(collect(getStore().getFile(cid))), name).to.equal("input.invalid");
      expect(await codeOf(getStore().unpin(cid)), name).to.equal("input.invalid");
      expect(await codeOf(getStore().get(digest)), name).to.equal("input.invalid");
    }
  });

  it("lists what it keeps, until it is unpinned; unpinning twice is no error", async () => {
    const { cid } = await getStore().put(unique());
    expect(await collect(getStore().list())).to.include(cid);
    await getStore().unpin(cid);
    expect(await collect(getStore().list())).not.to.include(cid);
    await getStore().unpin(cid);
  });
}

/** What a store that knows all its content must do; a node of the IPFS network may go on looking for it. */
function itKnowsWhatItLacks(getStore: () => FullDocumentStore): void {
  it("says that it has not what was never put, and what was unpinned", async () => {
    expect(await codeOf(getStore().get(digestOf(unique())))).to.equal("document.not-found");
    const { digest, cid } = await getStore().put(unique());
    await getStore().unpin(cid);
    expect(await codeOf(getStore().get(digest))).to.equal("document.not-found");
    expect(await codeOf(collect(getStore().getFile(cid)))).to.equal("document.not-found");
  });
}

describe("createMemoryStore", () => {
  const store = createMemoryStore();
  itKeepsDocuments(() => store);
  itKnowsWhatItLacks(() => store);
});

describe("createDiskStore, as a store", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "document-store-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  itKeepsDocuments(() => createDiskStore(folder));
  itKnowsWhatItLacks(() => createDiskStore(folder));
});

describe("createKuboStore with a real node (where KUBO_RPC_URL names one)", () => {
  const url = process.env["KUBO_RPC_URL"] ?? "";
  before(function () {
    if (url === "") this.skip();
  });
  itKeepsDocuments(() => createKuboStore({ url }));

  it("does not know within its time what nobody has", async () => {
    const code = await codeOf(createKuboStore({ url, timeoutMs: 2_000 }).get(digestOf(unique())));
    expect(code).to.be.oneOf(["document.not-found", "store.unreachable"]);
  });
});

describe("createKuboStore", () => {
  const kubo = createKuboDouble();
  let url = "";
  before(async () => {
    url = await kubo.start();
  });
  after(() => kubo.stop());
  afterEach(() => kubo.answerWith(undefined));

  itKeepsDocuments(() => createKuboStore({ url }));
  itKnowsWhatItLacks(() => createKuboStore({ url }));

  const bytes = encode('{"a":1}');
  const digest = digestOf(bytes);
  const answering =
    (status: number, type: string, body: string): Answer =>
    async (request, response) => {
      await text(request);
      response.writeHead(status, { "content-type": type });
      response.end(body);
    };

  it("sends its headers with every request", async () => {
    const store = createKuboStore({ url, headers: { authorization: "Bearer sample" } });
    kubo.requests.length = 0;
    const { cid } = await store.put(unique());
    await store.unpin(cid);
    expect(kubo.requests.map(({ headers }) => headers["authorization"])).to.deep.equal([
      "Bearer sample",
      "Bearer sample",
    ]);
  });

  it("finds a node that lies about the content", async () => {
    const store = createKuboStore({ url });
    for (const body of ['{"a":2}', "", '{"a":1}\n']) {
      kubo.answerWith(answering(200, "text/plain", body));
      expect(await codeOf(store.get(digest)), body).to.equal("document.digest-mismatch");
    }
  });

  it("finds a node that has added something else", async () => {
    const Hash = cidOf(digestOf(encode("other")));
    kubo.answerWith(answering(200, "application/json", `${JSON.stringify({ Name: "x", Hash, Size: "5" })}\n`));
    const put = createKuboStore({ url }).put(bytes);
    expect(await messageOf(put))
      .to.include(Hash)
      .and.include(cidOf(digest));
    expect(await codeOf(put)).to.equal("document.digest-mismatch");
  });

  it("stops reading a node that sends without end", async () => {
    let sent = 0;
    let isClosed = false;
    kubo.answerWith((_, response) => {
      response.on("close", () => {
        isClosed = true;
      });
      const send = (): void => {
        if (isClosed) return;
        sent += 65_536;
        response.write(new Uint8Array(65_536), () => setImmediate(send));
      };
      send();
    });
    expect(await codeOf(createKuboStore({ url }).get(digest))).to.equal("document.too-large");
    while (!isClosed) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(sent).to.be.below(20_000_000);
  });

  it("reports a node that does not answer in time as unreachable", async () => {
    kubo.answerWith(() => undefined);
    const store = createKuboStore({ url, timeoutMs: 50 });
    for (const request of [store.get(digest), store.put(bytes), store.unpin(cidOf(digest)), collect(store.list())]) {
      expect(await messageOf(request)).to.include("no answer within 50 ms");
      expect(await codeOf(request)).to.equal("store.unreachable");
    }
  });

  it("reports a node that stalls in the middle of an answer as unreachable", async () => {
    kubo.answerWith((_, response) => {
      response.write('{"a"');
    });
    expect(await codeOf(createKuboStore({ url, timeoutMs: 50 }).get(digest))).to.equal("store.unreachable");
  });

  it("reports a connection that breaks in the middle of an answer as unreachable, not as a forgery", async () => {
    kubo.answerWith((request, response) => {
      response.writeHead(200, { "content-length": bytes.length });
      response.write('{"a"', () => request.socket.destroy());
    });
    expect(await codeOf(createKuboStore({ url }).get(digest))).to.equal("store.unreachable");
  });

  for (const [circumstance, answer] of [
    ["a proxy's 404", answering(404, "text/plain", "404 page not found")],
    ["a refused login", answering(401, "text/plain", "Unauthorized")],
    ["a broken gateway", answering(502, "text/html", "<html>not found</html>")],
    ["another error of Kubo", answering(500, "application/json", '{"Message":"disk full","Code":0,"Type":"error"}')],
    ["an answer that is not Kubo's", answering(200, "text/html", "<html>Welcome</html>")],
  ] as const) {
    it(`reports ${circumstance} as unreachable when it puts`, async () => {
      kubo.answerWith(answer);
      expect(await codeOf(createKuboStore({ url }).put(bytes))).to.equal("store.unreachable");
    });
  }

  it("reports a proxy's 404 as unreachable when it gets, not as missing content", async () => {
    kubo.answerWith(answering(404, "text/plain", "404 page not found"));
    expect(await codeOf(createKuboStore({ url }).get(digest))).to.equal("store.unreachable");
  });

  it("names the node and the reason when nobody listens", async () => {
    const stopped = createKuboDouble();
    const { host, port } = new URL(await stopped.start());
    await stopped.stop();
    for (const name of [host, `localhost:${port}`]) {
      const get = createKuboStore({ url: `http://${name}` }).get(digest);
      expect(await messageOf(get))
        .to.include(name)
        .and.include("ECONNREFUSED");
      expect(await codeOf(get)).to.equal("store.unreachable");
    }
  });

  it("refuses a login in the URL without showing it", () => {
    const create = (): unknown => createKuboStore({ url: "http://user:secret@127.0.0.1:5001" });
    expect(create).to.throw("headers.authorization").with.property("message").that.does.not.include("secret");
  });

  it("refuses a URL that is none", () => {
    for (const wrong of ["", "127.0.0.1:5001", "/ip4/127.0.0.1/tcp/5001", "ftp://127.0.0.1"]) {
      expect(() => createKuboStore({ url: wrong }), wrong).to.throw("url is not valid");
    }
  });
});
