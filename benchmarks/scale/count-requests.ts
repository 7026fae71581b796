import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A way to a node on which everything is counted. */
export interface CountingWay {
  readonly url: string;
  /** What was counted since it was asked the last time. */
  readonly take: () => { readonly requests: number; readonly kilobytes: number };
  readonly close: () => Promise<void>;
}

/**
 * Opens a way to a node on which the questions, of which a request may hold many, and the bytes of both directions are
 * counted.
 *
 * @param target - endpoint of the node
 * @returns the endpoint that counts
 */
export async function openCountingWay(target: string): Promise<CountingWay> {
  let [requests, bytes] = [0, 0];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = await fetch(target, { method: "POST", body, headers: { "content-type": "application/json" } });
    const answered = await answer.text();
    requests += [JSON.parse(body)].flat().length;
    bytes += body.length + answered.length;
    response.setHeader("content-type", "application/json").end(answered);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // Safety: a server that listens on a port has an address of a host and a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    take: () => {
      const taken = { requests, kilobytes: bytes / 1_000 };
      [requests, bytes] = [0, 0];
      return taken;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
