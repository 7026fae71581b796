import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** When the way breaks. */
export interface DyingProxyOptions {
  /** Transactions that pass before. */
  readonly transactions: number;
  /** Whether the next one still reaches the node, though nobody hears its answer. */
  readonly isNextDelivered: boolean;
}

/** A way to a node that breaks. */
export interface DyingProxy {
  readonly url: string;
  readonly close: () => void;
}

/**
 * Starts a way to a node that breaks, for good, at a transaction.
 *
 * @param target - endpoint of the node
 * @param options - at which transaction, and whether that one is delivered
 * @returns the endpoint that breaks
 */
export async function startDyingProxy(target: string, options: DyingProxyOptions): Promise<DyingProxy> {
  let left = options.transactions;
  const forward = async (body: string) =>
    await fetch(target, { method: "POST", body, headers: { "content-type": "application/json" } });
  const proxy = createServer(async (request, response) => {
    const body = await readBody(request);
    if (left >= 0 && body.includes("eth_sendRawTransaction") && --left < 0 && options.isNextDelivered) {
      await forward(body);
    }
    if (left < 0) return void request.socket.destroy();
    const answer = await forward(body);
    response.setHeader("content-type", "application/json").end(await answer.text());
  });
  await once(proxy.listen(0, "127.0.0.1"), "listening");
  // Safety: a server that listens on a port has an address of a host and a port.
  const { port } = proxy.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => proxy.close() };
}

async function readBody(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await Array.fromAsync<Buffer>(request)).toString();
}
