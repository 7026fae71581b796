import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";
import { PassportError } from "@digital-product-passport/sdk";
import hre from "hardhat";
import { LOCAL_NETWORK, type OpenNetwork, openNetwork } from "./open-network.js";

const HOST = "127.0.0.1";
const CLOSING_MILLISECONDS = 1_000;

/** How a local chain is started. */
export interface LocalChainOptions {
  /** Port on 127.0.0.1 for HTTP and WebSocket; 0, as if left out: a free one. */
  readonly port?: number | undefined;
}

/** A chain that lives in this process. */
export interface LocalChain {
  /** The network `local` at this chain's endpoint, with the twenty funded accounts. */
  readonly network: OpenNetwork;
  /** Endpoint for WebSocket. */
  readonly webSocketUrl: string;
  /** Ends the chain; what was on it is gone. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a chain in this process and serves it to other programs on this machine.
 *
 * @param options - port
 * @returns the running chain
 * @throws PassportError `input.invalid` if the port is taken
 */
export async function startLocalChain(options: LocalChainOptions = {}): Promise<LocalChain> {
  const { port = 0 } = options;
  await requireFreePort(port);
  const server = await hre.network.createServer("node", HOST, port);
  const address = `${HOST}:${(await server.listen()).port}`;
  const network = await openNetwork(LOCAL_NETWORK, { rpcUrl: `http://${address}` });
  const close = async (): Promise<void> => {
    network.provider.destroy();
    // A program that stays connected by WebSocket would keep the server from closing.
    await Promise.race([server.close(), setTimeout(CLOSING_MILLISECONDS, undefined, { ref: false })]);
  };
  return { network, webSocketUrl: `ws://${address}`, close };
}

/** Hardhat's server does not survive a port that is taken, so a server of our own tries it first. */
async function requireFreePort(port: number): Promise<void> {
  const probe = createServer().listen(port, HOST);
  try {
    await once(probe, "listening");
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const problem = `nothing can listen there (${said}); stop the other program, or choose another port`;
    throw new PassportError("input.invalid", { field: "port", problem, value: port }, { cause });
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}
