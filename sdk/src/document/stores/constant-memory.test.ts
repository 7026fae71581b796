import { statSync } from "node:fs";
import { mkdtemp, readdir, rm, truncate } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parseCid } from "../cid.js";
import { readAttachment } from "../read-attachment.js";
import { createDiskStore } from "./disk-store.js";
import { createKuboStore } from "./kubo-store.js";

const FILE_BYTES = 209_715_200;
/** What the kernel's buffers of a connection hold and a few chunks; far less than the file. */
const OUTSTANDING_BYTES = 33_554_432;

/** A file that makes its bytes when they are read, counts them, and cannot be read at once. */
class CountingFile extends Blob {
  /** Kubo's client knows a Blob by this. */
  static override readonly name = "Blob";
  override readonly size = FILE_BYTES;
  readonly #onRead: (bytesSoFar: number) => void;
  bytesRead = 0;

  constructor(onRead: (bytesSoFar: number) => void = () => undefined) {
    super([]);
    this.#onRead = onRead;
  }

  override slice(start = 0, end = FILE_BYTES): Blob {
    const length = Math.min(end, FILE_BYTES) - start;
    if (length > 1_048_576) throw new Error("A mebibyte or more was wanted at once.");
    this.#count(length);
    return new Blob([new Uint8Array(length)]);
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let left = FILE_BYTES;
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: (controller) => {
          const length = Math.min(left, 65_536);
          left -= length;
          if (length === 0) return controller.close();
          this.#count(length);
          controller.enqueue(new Uint8Array(length));
        },
      },
      { highWaterMark: 0 },
    );
  }

  override arrayBuffer(): Promise<ArrayBuffer> {
    throw new Error("All of it was wanted at once.");
  }

  override text(): Promise<string> {
    throw new Error("All of it was wanted at once.");
  }

  #count(bytes: number): void {
    this.bytesRead += bytes;
    this.#onRead(this.bytesRead);
  }
}

async function withServer<Result>(listener: RequestListener, use: (url: string) => Promise<Result>): Promise<Result> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    // Safety: a server that listens on TCP has such an address.
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe("stores, with a file of 200 MiB", function () {
  this.timeout(300_000);

  it("put it on disk without reading more than a mebibyte ahead of what is written, and read it as it is wanted", async () => {
    const folder = await mkdtemp(join(tmpdir(), "constant-memory-"));
    try {
      let unfinished: string | undefined;
      let ahead = 0;
      const store = createDiskStore(folder);
      // The first time through, the file is hashed; nothing is on disk then.
      const file = new CountingFile((bytesSoFar) => {
        if (bytesSoFar <= FILE_BYTES || unfinished === undefined) return;
        ahead = Math.max(ahead, bytesSoFar - FILE_BYTES - statSync(unfinished).size);
      });
      const watch = setInterval(() => {
        readdir(folder).then(([name]) => {
          if (name?.endsWith(".unfinished")) unfinished ??= join(folder, name);
        });
      }, 1);
      const description = await store.putFile(file);
      clearInterval(watch);
      expect(file.bytesRead).to.equal(2 * FILE_BYTES);
      expect(unfinished).to.be.a("string");
      expect(ahead).to.be.within(1, 1_048_576);

      let received = 0;
      for await (const chunk of readAttachment(store, description)) received += chunk.length;
      expect(received).to.equal(FILE_BYTES);

      // Cut the file after the first chunk: what comes nevertheless had been read ahead.
      let cut = 0;
      for await (const chunk of store.getFile(description.cid)) {
        if (cut === 0) await truncate(join(folder, description.cid), 65_536);
        cut += chunk.length;
      }
      expect(cut).to.be.within(65_536, 1_048_576);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("send it to Kubo no faster than Kubo takes it", async () => {
    let received = 0;
    let ahead = 0;
    const file = new CountingFile((bytesSoFar) => {
      // The first time through, the file is hashed.
      ahead = Math.max(ahead, bytesSoFar - FILE_BYTES - received);
    });
    const hesitate = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_000));
    await withServer(
      async (request, response) => {
        for await (const chunk of request) {
          if (received === 0) await hesitate();
          received += chunk.length;
        }
        response.writeHead(500, { "content-type": "application/json" });
        response.end('{"Message":"this double only counts","Code":0,"Type":"error"}');
      },
      async (url) => {
        const put = createKuboStore({ url, timeoutMs: 240_000 }).putFile(file);
        expect(await put.catch((error: Error) => error.message)).to.include("only counts");
      },
    );
    expect(received).to.be.greaterThan(FILE_BYTES);
    expect(ahead).to.be.within(1, OUTSTANDING_BYTES);
  });

  it("take it from Kubo no faster than it is wanted", async () => {
    let sent = 0;
    await withServer(
      (_, response) => {
        response.writeHead(200, { "content-type": "text/plain" });
        const send = (): void => {
          while (sent < FILE_BYTES && !response.destroyed) {
            sent += 65_536;
            if (!response.write(new Uint8Array(65_536))) return;
          }
          response.end();
        };
        response.on("drain", send);
        send();
      },
      async (url) => {
        const cid = parseCid("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi");
        let received = 0;
        for await (const chunk of createKuboStore({ url, timeoutMs: 240_000 }).getFile(cid)) {
          if (received === 0) {
            await new Promise((resolve) => setTimeout(resolve, 1_000));
            expect(sent).to.be.within(65_536, OUTSTANDING_BYTES);
          }
          received += chunk.length;
        }
        expect(received).to.equal(FILE_BYTES);
      },
    );
  });
});
