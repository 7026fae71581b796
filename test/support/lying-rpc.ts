import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EthereumProvider } from "hardhat/types/providers";

/** One call as the node gets it. */
export interface RpcCall {
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a node is asked has as many forms as it has methods.
  readonly params: readonly any[];
}

/**
 * Changes an answer. It gets the honest one and returns what the node is to say instead; it may throw `RpcRefusal`.
 */
// biome-ignore lint/suspicious/noExplicitAny: what a node answers has as many forms as it has methods.
export type Lie = (answer: any, call: RpcCall) => unknown;

/** An answer that is none. */
export type Outage = "server error" | "no JSON" | "hang up" | "too many requests" | "silence" | "endless answer";

/** Thrown by a lie to make the node answer with an error. */
export class RpcRefusal extends Error {
  readonly code: number;

  /**
   * @param message - what the node says
   * @param code - JSON-RPC error code
   */
  constructor(message: string, code = -32_000) {
    super(message);
    this.code = code;
  }
}

/** A node between a client and a real chain, which can lie and fail. */
export interface LyingRpc {
  /** Endpoint over HTTP. */
  readonly url: string;
  /** How often each method was called. */
  readonly calls: ReadonlyMap<string, number>;
  /** From now on answers to this method are changed. */
  readonly lie: (method: string, lie: Lie) => void;
  /** From now on calls of this method fail; without a method, all do. */
  readonly fail: (outage: Outage, method?: string) => void;
  /** From now on the node is honest and well. */
  readonly recover: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Starts a node that passes calls on to an in-process chain until it is told to lie.
 *
 * @param chain - the honest node
 * @returns the node, listening on a free port of this machine
 */
export async function startLyingRpc(chain: EthereumProvider): Promise<LyingRpc> {
  const lies = new Map<string, Lie>();
  const outages = new Map<string, Outage>();
  const calls = new Map<string, number>();

  const answer = async (call: RpcCall): Promise<object> => {
    try {
      const honest = await chain.request({ method: call.method, params: [...call.params] });
      const lie = lies.get(call.method);
      return { result: lie === undefined ? honest : lie(honest, call) };
    } catch (error) {
      const { message, code, data } = toRefusal(error);
      return { error: { code, message, ...(data === undefined ? {} : { data }) } };
    }
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { id, method, params = [] } = JSON.parse(await readBody(request));
    calls.set(method, (calls.get(method) ?? 0) + 1);
    const outage = outages.get(method) ?? outages.get("*");
    if (outage !== undefined) return failWith(outage, response);
    const body = JSON.stringify({ jsonrpc: "2.0", id, ...(await answer({ method, params })) });
    response.setHeader("content-type", "application/json").end(body);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // Mocha, when it runs files in parallel, also loads each in a process that runs no hook, and would wait for the server.
  server.unref();
  // Safety: a server that listens on a TCP port has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    lie: (method, lie) => void lies.set(method, lie),
    fail: (outage, method = "*") => void outages.set(method, outage),
    recover: () => {
      lies.clear();
      outages.clear();
      calls.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function failWith(outage: Outage, response: ServerResponse): void {
  switch (outage) {
    case "server error":
      response.writeHead(503).end("upstream is down");
      return;
    case "too many requests":
      response.writeHead(429, { "retry-after": "0" }).end("slow down");
      return;
    case "no JSON":
      response.setHeader("content-type", "text/html").end("<html>Welcome to our captive portal</html>");
      return;
    case "hang up":
      response.destroy();
      return;
    case "silence":
      // The client has to give up by itself.
      return;
    case "endless answer":
      response.setHeader("content-type", "application/json").write('{"jsonrpc":"2.0","id":1,"result":"0x');
      pourInto(response);
  }
}

/** As fast as the client takes it, until it hangs up. */
function pourInto(response: ServerResponse): void {
  const chunk = "0".repeat(1_048_576);
  const pour = (): void => {
    while (!response.destroyed) if (!response.write(chunk)) return void response.once("drain", pour);
  };
  pour();
}

function toRefusal(error: unknown): { readonly message: string; readonly code: number; readonly data?: unknown } {
  if (!(error instanceof Error)) return { message: String(error), code: -32_603 };
  const code = "code" in error && typeof error.code === "number" ? error.code : -32_603;
  return { message: error.message, code, ...("data" in error ? { data: error.data } : {}) };
}
