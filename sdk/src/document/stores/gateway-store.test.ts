import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import * as dagPb from "@ipld/dag-pb";
import { expect } from "chai";
import { UnixFS } from "ipfs-unixfs";
import { importFile } from "ipfs-unixfs-importer";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { balanced } from "ipfs-unixfs-importer/layout";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import type { ErrorCode } from "../../errors/error-catalogue.js";
import { isPassportError } from "../../errors/passport-error.js";
import type { Digest } from "../../primitives/hex.js";
import { type Cid, cidOf, parseCid } from "../cid.js";
import { describeFile } from "../describe-file.js";
import { digestOf } from "../digest-of.js";
import { readAttachment } from "../read-attachment.js";
import { createGatewayStore } from "./gateway-store.js";

const RAW_BLOCK = { "content-type": "application/vnd.ipld.raw" };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A gateway as the specification of trustless gateways has it; a test may put its own answer before it. */
function createGatewayDouble() {
  const blocks = new Map<string, Uint8Array>();
  const requests: IncomingMessage[] = [];
  const state: { answer: Answer | undefined } = { answer: undefined };
  const server = createServer((request, response) => {
    requests.push(request);
    if (state.answer !== undefined) return state.answer(request, response);
    const { pathname, searchParams } = new URL(request.url ?? "", "http://gateway");
    const block = blocks.get(pathname.replace("/ipfs/", ""));
    if (searchParams.get("format") !== "raw" || request.headers.accept !== RAW_BLOCK["content-type"]) {
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html>what a browser gets</html>");
    } else {
      response.writeHead(block === undefined ? 404 : 200, block === undefined ? {} : RAW_BLOCK);
      response.end(block);
    }
  });
  return {
    blocks,
    requests,
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
const bytes = encode('{"a":1}');
const digest = digestOf(bytes);
const file = new Blob([new Uint8Array(900_000).map((_, index) => index % 251)]);

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const collected: Uint8Array[] = [];
  for await (const chunk of chunks) collected.push(chunk);
  return Buffer.concat(collected);
}

async function errorOf(promise: Promise<unknown>): Promise<{ readonly code?: ErrorCode; readonly message: string }> {
  const error = await promise.then(
    () => new Error("it was accepted"),
    (caught: unknown) => caught,
  );
  if (isPassportError(error)) return error;
  throw error;
}

describe("createGatewayStore", () => {
  const gateway = createGatewayDouble();
  const { blocks, requests } = gateway;
  let url = "";

  const keep = async (block: Uint8Array, options: { readonly codec: number }): Promise<CID> => {
    // Safety: nothing here is shared memory.
    const cid = CID.createV1(options.codec, await sha256.digest(block as Uint8Array<ArrayBuffer>));
    blocks.set(cid.toString(), block);
    return cid;
  };
  const keepRaw = (block: Uint8Array): Promise<CID> => keep(block, { codec: 0x55 });
  const keepList = (links: readonly CID[], blockSizes: readonly number[], type: "file" | "directory" = "file") => {
    const data = new UnixFS({ type, blockSizes: blockSizes.map(BigInt) }).marshal();
    const node = { Data: data, Links: links.map((Hash) => ({ Name: "", Tsize: 1, Hash })) };
    return keep(dagPb.encode(node), { codec: dagPb.code });
  };
  const keepFile = async (content: Blob, maxChildrenPerNode = 174): Promise<Cid> => {
    const { cid } = await importFile(
      {
        content: (async function* () {
          yield new Uint8Array(await content.arrayBuffer());
        })(),
      },
      {
        put: async (cid: CID, block: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>) => {
          if (block instanceof Uint8Array) blocks.set(cid.toString(), block);
          return cid;
        },
      },
      {
        cidVersion: 1,
        rawLeaves: true,
        reduceSingleLeafToSelf: true,
        chunker: fixedSize({ chunkSize: 262_144 }),
        layout: balanced({ maxChildrenPerNode }),
      },
    );
    return parseCid(cid.toString());
  };
  const read = (root: CID | Cid, options: { readonly maximumFileBytes?: number } = {}): Promise<Buffer> =>
    collect(createGatewayStore({ url, ...options }).getFile(parseCid(root.toString())));
  const get = (timeoutMs = 5_000): Promise<Uint8Array> => createGatewayStore({ url, timeoutMs }).get(digest);

  before(async () => {
    url = await gateway.start();
    await keepRaw(bytes);
  });
  after(() => gateway.stop());
  afterEach(() => {
    gateway.answerWith(undefined);
    requests.length = 0;
  });

  it("gets a document by its digest, as a raw block", async () => {
    expect(await get()).to.deep.equal(bytes);
    expect(requests.map(({ url: path }) => path)).to.deep.equal([`/ipfs/${cidOf(digest)}?format=raw`]);
  });

  it("keeps path and query of the gateway's URL, and sends the headers it is given", async () => {
    gateway.answerWith((_, response) => response.writeHead(200, RAW_BLOCK).end(bytes));
    for (const path of ["/of/ours?token=1", "/of/ours/?token=1"]) {
      const store = createGatewayStore({ url: `${url}${path}`, headers: { authorization: "Bearer x" } });
      expect(await store.get(digest)).to.deep.equal(bytes);
    }
    for (const { url: path, headers } of requests) {
      expect(path).to.equal(`/of/ours/ipfs/${cidOf(digest)}?token=1&format=raw`);
      expect(headers.authorization).to.equal("Bearer x");
    }
  });

  it("streams a file of several blocks, and fetches no block before it is wanted", async () => {
    const cid = await keepFile(file);
    expect(cid).to.equal((await describeFile(file)).cid);
    const pieces = createGatewayStore({ url }).getFile(cid)[Symbol.asyncIterator]();
    const first = await pieces.next();
    expect(first.value).to.have.length(262_144);
    expect(requests).to.have.length(2);
    await pieces.return?.();
    expect(requests).to.have.length(2);
    expect((await read(cid)).equals(Buffer.from(await file.arrayBuffer()))).to.equal(true);
  });

  it("reads files of one block, of none, and of lists of lists", async () => {
    expect(await read(await keepFile(new Blob(["one"])))).to.deep.equal(Buffer.from("one"));
    expect(await read(await keepFile(new Blob([])))).to.have.length(0);
    expect((await read(await keepFile(file, 2))).equals(Buffer.from(await file.arrayBuffer()))).to.equal(true);
  });

  it("reads an attachment through readAttachment", async () => {
    const description = await describeFile(file);
    await keepFile(file);
    expect(await collect(readAttachment(createGatewayStore({ url }), description))).to.have.length(file.size);
  });

  for (const [circumstance, code, answer] of [
    ["other bytes", "document.digest-mismatch", (_, response) => response.writeHead(200, RAW_BLOCK).end("[]")],
    ["no bytes", "document.digest-mismatch", (_, response) => response.writeHead(200, RAW_BLOCK).end()],
    ["404", "document.not-found", (_, response) => response.writeHead(404).end()],
    ["410", "document.not-found", (_, response) => response.writeHead(410).end()],
    ["429", "store.unreachable", (_, response) => response.writeHead(429).end()],
    ["502", "store.unreachable", (_, response) => response.writeHead(502).end()],
    ["206", "store.unreachable", (_, response) => response.writeHead(206, RAW_BLOCK).end(bytes)],
    [
      "a page instead of a block",
      "store.unreachable",
      (_, response) => response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<html>"),
    ],
    [
      "a connection that breaks",
      "store.unreachable",
      (request, response) => {
        response.writeHead(200, { ...RAW_BLOCK, "content-length": bytes.length });
        response.write('{"a"', () => request.socket.destroy());
      },
    ],
  ] satisfies readonly (readonly [string, ErrorCode, Answer])[]) {
    it(`answers ${circumstance} with ${code}`, async () => {
      gateway.answerWith(answer);
      expect((await errorOf(get())).code).to.equal(code);
    });
  }

  it("follows no redirect, neither to another host nor to the same", async () => {
    const visited: string[] = [];
    const elsewhere = createServer((request, response) => {
      visited.push(request.url ?? "");
      response.writeHead(200, RAW_BLOCK).end(bytes);
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    // Safety: a server that listens on TCP has such an address.
    const { port } = elsewhere.address() as AddressInfo;
    for (const location of [`http://127.0.0.1:${port}/`, "file:///etc/passwd", "data:,x", "/ipfs/other"]) {
      for (const status of [301, 302, 303, 307, 308]) {
        gateway.answerWith((_, response) => response.writeHead(status, { location }).end());
        expect((await errorOf(get())).code, location).to.equal("store.unreachable");
      }
    }
    expect(visited).to.deep.equal([]);
    expect(requests).to.have.length(20);
    elsewhere.close();
  });

  it("gives up on a gateway that does not answer, and on one that sends a byte now and then", async () => {
    gateway.answerWith(() => undefined);
    expect((await errorOf(get(100))).message).to.include("no answer within 100 ms");
    gateway.answerWith((request, response) => {
      response.writeHead(200, RAW_BLOCK);
      const timer = setInterval(() => response.write(" "), 10);
      request.socket.on("close", () => clearInterval(timer));
    });
    expect((await errorOf(get(150))).code).to.equal("store.unreachable");
  });

  it("breaks off an endless answer after 2 MiB", async () => {
    let closed: Promise<void> = Promise.resolve();
    let sent = 0;
    gateway.answerWith((_, response) => {
      closed = new Promise((resolve) => response.on("close", resolve));
      response.writeHead(200, RAW_BLOCK);
      const send = (): void => {
        while (!response.destroyed && response.write(new Uint8Array(65_536))) sent += 65_536;
      };
      response.on("drain", send);
      send();
    });
    expect((await errorOf(get())).code).to.equal("document.digest-mismatch");
    await closed;
    expect(sent).to.be.lessThan(33_554_432);
  });

  it("counts the bytes of a compressed answer after they were unpacked", async () => {
    const bomb = gzipSync(new Uint8Array(67_108_864));
    gateway.answerWith((_, response) =>
      response.writeHead(200, { ...RAW_BLOCK, "content-encoding": "gzip" }).end(bomb),
    );
    expect((await errorOf(get())).message).to.include("more than 2097152 bytes");
  });

  it("refuses a document of more than 256 KiB, though its bytes are the right ones", async () => {
    const large = new Uint8Array(262_145);
    await keepRaw(large);
    const { code } = await errorOf(createGatewayStore({ url }).get(digestOf(large)));
    expect(code).to.equal("document.too-large");
  });

  it("hands on no byte of a wrong block in the middle of a file", async () => {
    const cid = await keepFile(file);
    const third = await keepRaw(new Uint8Array(await file.slice(524_288, 786_432).arrayBuffer()));
    blocks.set(third.toString(), new Uint8Array(262_144));
    let received = 0;
    const { code } = await errorOf(
      (async () => {
        for await (const chunk of createGatewayStore({ url }).getFile(cid)) received += chunk.length;
      })(),
    );
    expect({ code, received }).to.deep.equal({ code: "document.digest-mismatch", received: 524_288 });
  });

  it("says that a file is not there if one block of it is missing", async () => {
    const cid = await keepFile(file);
    blocks.delete(cid);
    expect((await errorOf(read(cid))).code).to.equal("document.not-found");
  });

  describe("with blocks that a hostile author has made", () => {
    const refusal = async (root: CID, options: { readonly maximumFileBytes?: number } = {}): Promise<string> => {
      const { code, message } = await errorOf(read(root, options));
      expect(code, message).to.equal("document.file-unreadable");
      return message;
    };

    it("refuses a small list that unfolds to an immense file before the first byte", async () => {
      let list = await keepRaw(new Uint8Array(200_000));
      let size = 200_000;
      for (let depth = 0; depth < 3; depth++) {
        list = await keepList(Array<CID>(100).fill(list), Array<number>(100).fill(size));
        size *= 100;
      }
      expect(await refusal(list)).to.include("200000000000 bytes, more than 1073741824");
      expect(requests).to.have.length(1);
    });

    it("refuses lists that are nested too deep", async () => {
      let list = await keepRaw(bytes);
      for (let depth = 0; depth < 5; depth++) list = await keepList([list], [bytes.length]);
      expect(await refusal(list)).to.include("nested more than 4 deep");
      expect(requests).to.have.length(5);
    });

    it("stops at blocks without content that never end", async () => {
      const empty = await keepRaw(new Uint8Array());
      const list = await keepList(Array<CID>(1_000).fill(empty), Array<number>(1_000).fill(0));
      expect(await refusal(list, { maximumFileBytes: 1_000_000 })).to.include("far more blocks");
      expect(requests).to.have.length(32);
    });

    it("refuses a block that is larger or smaller than its list says", async () => {
      const part = await keepRaw(bytes);
      for (const size of [0, 6, 8]) expect(await refusal(await keepList([part], [size]))).to.include("holds 7 bytes");
      expect(await refusal(await keepList([part], []))).to.include("does not say how large");
      expect(await refusal(await keepList([part], [7, 7]))).to.include("does not say how large");
    });

    it("refuses a directory, bytes that are no list, and addresses that are no files", async () => {
      expect(await refusal(await keepList([], [], "directory"))).to.include("is a directory");
      expect(await refusal(await keep(encode("junk"), { codec: dagPb.code }))).to.include("is not a list of blocks");
      expect(await refusal(await keep(dagPb.encode({ Links: [] }), { codec: dagPb.code }))).to.include(
        "says nothing of itself",
      );
      const identity = CID.createV1(0x55, { code: 0, size: 0, digest: new Uint8Array(), bytes: Uint8Array.of(0, 0) });
      expect(await refusal(await keepList([identity], [0]))).to.include("not hashed as files are");
    });
  });

  it("names the gateway and the reason when nobody listens", async () => {
    const stopped = createGatewayDouble();
    const address = await stopped.start();
    await stopped.stop();
    const { code, message } = await errorOf(createGatewayStore({ url: address }).get(digest));
    expect(code).to.equal("store.unreachable");
    expect(message).to.include(new URL(address).host).and.include("ECONNREFUSED");
  });

  it("refuses names that are none before it asks", async () => {
    for (const name of ["../secret", "", "bafk", "0x12"]) {
      // Safety: wrong on purpose; callers in JavaScript have no types.
      const [cid, other] = [name as Cid, name as Digest];
      expect((await errorOf(collect(createGatewayStore({ url }).getFile(cid)))).code).to.equal("input.invalid");
      expect((await errorOf(createGatewayStore({ url }).get(other))).code).to.equal("input.invalid");
    }
    expect(requests).to.deep.equal([]);
  });

  it("refuses a URL and limits that are none, and shows no password", () => {
    expect(() => createGatewayStore({ url: "ftp://127.0.0.1" })).to.throw("url is not valid");
    expect(() => createGatewayStore({ url, timeoutMs: 0 })).to.throw("timeoutMs is not valid");
    expect(() => createGatewayStore({ url, maximumFileBytes: Number.NaN })).to.throw("maximumFileBytes is not valid");
    expect(() => createGatewayStore({ url: "http://user:secret@127.0.0.1" }))
      .to.throw("headers.authorization")
      .with.property("message")
      .that.does.not.include("secret");
  });
});
