import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Wallet } from "ethers";
import { DigitalPassport__factory } from "../contracts/index.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { createProvider } from "./create-provider.js";
import { requireChain } from "./require-chain.js";
import { withChainErrors } from "./with-chain-errors.js";

const ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const wallet = new Wallet(`0x${"11".repeat(32)}`);

interface NodeError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

describe("withChainErrors", () => {
  const servers: Server[] = [];

  const startServer = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // Safety: a TCP server that listens has a port.
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3/secret-key`;
  };

  /** A node that answers every request with the same result or error. */
  const startNode = (answer: { readonly result: unknown } | { readonly error: NodeError }): Promise<string> =>
    startServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const { id } = JSON.parse(body);
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
    });

  after(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  const failureOf = async (
    url: string,
    ask: (provider: ReturnType<typeof createProvider>) => Promise<unknown> = (provider) => provider.getBalance(ACCOUNT),
  ): Promise<PassportError> => {
    const provider = createProvider(url, { chainId: 31_337n, timeoutMilliseconds: 300 });
    try {
      await withChainErrors(provider, () => ask(provider));
    } catch (error) {
      if (isPassportError(error)) return error;
      throw error;
    } finally {
      provider.destroy();
    }
    throw new Error("nothing failed");
  };

  const broken: readonly (readonly [string, RequestListener])[] = [
    ["a server error", (_, response) => response.writeHead(503).end("overloaded")],
    ["too many requests, again and again", (_, response) => response.writeHead(429).end()],
    ["a page instead of JSON", (_, response) => response.end("<html>Captive portal</html>")],
    ["JSON that is no answer", (_, response) => response.end("{}")],
    ["a closed connection", (request) => request.socket.destroy()],
    ["no answer at all", () => undefined],
  ];
  for (const [circumstance, listener] of broken) {
    it(`${circumstance}: chain.unreachable, without the key in the endpoint's path`, async () => {
      const url = await startServer(listener);
      const error = await failureOf(url);
      expect(error.code).to.equal("chain.unreachable");
      expect(error.message).to.include(new URL(url).origin).and.not.to.include("secret-key");
    });
  }

  it("nobody listens: chain.unreachable", async () => {
    const url = await startServer(() => undefined);
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    const error = await failureOf(url);
    expect(error.code).to.equal("chain.unreachable");
    expect(error.details["problem"]).to.include("ECONNREFUSED");
  });

  const answers: readonly (readonly [string, NodeError, string])[] = [
    [
      "a rate limit inside a good answer",
      { code: -32005, message: "daily request count exceeded" },
      "chain.unreachable",
    ],
    ["a block that is not there yet", { code: -32000, message: "header not found" }, "chain.unreachable"],
    ["an unknown method", { code: -32601, message: "method not available" }, "chain.request-refused"],
    ["a wrong parameter", { code: -32602, message: "invalid argument 0" }, "chain.request-refused"],
  ];
  for (const [circumstance, error, code] of answers) {
    it(`a node answers with ${circumstance}: ${code}`, async () => {
      expect((await failureOf(await startNode({ error }))).code).to.equal(code);
    });
    it(`a node answers a call of a contract with ${circumstance}: ${code}, not a revert`, async () => {
      const failure = await failureOf(await startNode({ error }), (provider) =>
        DigitalPassport__factory.connect(ACCOUNT, provider).head(),
      );
      expect(failure.code).to.equal(code);
    });
  }

  it("a contract that gives no reason: contract.reverted", async () => {
    const url = await startNode({ error: { code: 3, message: "execution reverted" } });
    const error = await failureOf(url, (provider) => DigitalPassport__factory.connect(ACCOUNT, provider).head());
    expect(error.code).to.equal("contract.reverted");
  });

  it("an address without a contract: chain.no-contract, naming the function", async () => {
    const url = await startNode({ result: "0x" });
    const error = await failureOf(url, (provider) => DigitalPassport__factory.connect(ACCOUNT, provider).head());
    expect(error.code).to.equal("chain.no-contract");
    expect(error.details["signature"]).to.equal("head()");
  });

  const refusals: readonly (readonly [string, string])[] = [
    ["nonce too low: next nonce 7, tx nonce 6", "chain.nonce-taken"],
    ["already known", "chain.nonce-taken"],
    ["replacement transaction underpriced", "chain.nonce-taken"],
    ["nonce too high: address 0x12, tx: 9 state: 7", "chain.nonce-gap"],
    ["max fee per gas less than block base fee", "chain.request-refused"],
  ];
  for (const [message, code] of refusals) {
    it(`a transaction is answered with "${message}": ${code}`, async () => {
      const signed = await wallet.signTransaction({ chainId: 31_337n, to: ACCOUNT, nonce: 6, gasLimit: 21_000n });
      const url = await startNode({ error: { code: -32000, message } });
      const error = await failureOf(url, (provider) => provider.send("eth_sendRawTransaction", [signed]));
      expect(error.code).to.equal(code);
    });
  }

  it("an account that cannot pay: chain.insufficient-funds with both amounts", async () => {
    const message = `insufficient funds for gas * price + value: address ${ACCOUNT} have 5 want 42000`;
    const url = await startNode({ error: { code: -32000, message } });
    const error = await failureOf(url, (provider) => provider.send("eth_sendRawTransaction", ["0x"]));
    expect(error.code).to.equal("chain.insufficient-funds");
    expect(error.details).to.include({ balanceWei: "5", requiredWei: "42000" });
  });

  it("a fault of the program itself: passed on as it is", async () => {
    const provider = createProvider("http://127.0.0.1:1", { chainId: 1n });
    const fault = new RangeError("a bug");
    const caught = await withChainErrors(provider, () => Promise.reject(fault)).catch((error: unknown) => error);
    expect(caught).to.equal(fault);
    provider.destroy();
  });

  it("an error of the SDK from further below: passed on as it is", async () => {
    const provider = createProvider("http://127.0.0.1:1", { chainId: 1n });
    const fault = new PassportError("document.not-found", { cid: "bafk" });
    const caught = await withChainErrors(provider, () => Promise.reject(fault)).catch((error: unknown) => error);
    expect(caught).to.equal(fault);
    provider.destroy();
  });

  describe("requireChain", () => {
    it("an endpoint of another chain: chain.wrong-chain, although the provider was told the right one", async () => {
      const url = await startNode({ result: "0xa4b1" });
      const error = await failureOf(url, (provider) => requireChain(provider, { chainId: 31_337n }));
      expect(error.code).to.equal("chain.wrong-chain");
      expect(error.details).to.deep.equal({ expected: 31_337n, actual: 42_161n });
    });

    it("an endpoint of the right chain: no error", async () => {
      const provider = createProvider(await startNode({ result: "0x7a69" }), { chainId: 31_337n });
      await requireChain(provider, { chainId: 31_337n });
      provider.destroy();
    });
  });
});
