import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { isPassportError } from "../errors/passport-error.js";
import { createProvider } from "./create-provider.js";
import { MAXIMUM_ANSWER_BYTES } from "./fetch-answer.js";
import { withChainErrors } from "./with-chain-errors.js";

describe("fetchAnswer, through a provider", () => {
  let server: Server;
  const serve = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // Safety: a TCP server that listens has a port.
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const problemOf = async (url: string, timeoutMilliseconds: number): Promise<string> => {
    const provider = createProvider(url, { chainId: 1n, timeoutMilliseconds });
    try {
      await withChainErrors(provider, () => provider.send("eth_chainId", []));
    } catch (error) {
      if (isPassportError(error, "chain.unreachable")) return String(error.details["problem"]);
      throw error;
    } finally {
      provider.destroy();
    }
    throw new Error("nothing failed");
  };

  it("an answer without end, is broken off soon after the limit", async () => {
    const chunk = Buffer.alloc(1_048_576, "0");
    let sent = 0;
    const url = await serve((_, response) => {
      const pour = (): void => {
        while (!response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", pour);
        }
      };
      pour();
    });
    expect(await problemOf(url, 20_000)).to.include(String(MAXIMUM_ANSWER_BYTES));
    expect(sent).to.be.lessThan(2 * MAXIMUM_ANSWER_BYTES);
  });

  it("an answer that comes drop by drop, is given up when its time is over, however often a drop comes", async () => {
    let timer: ReturnType<typeof setInterval> | undefined;
    const url = await serve((_, response) => {
      response.write("{");
      timer = setInterval(() => response.write(" "), 50);
    });
    expect(await problemOf(url, 400)).to.equal("no answer in time");
    clearInterval(timer);
  });

  it("an answer that sends elsewhere, is not followed", async () => {
    let asked = 0;
    const url = await serve((_, response) => {
      asked += 1;
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    await problemOf(url, 2_000);
    expect(asked).to.equal(1);
  });
});
