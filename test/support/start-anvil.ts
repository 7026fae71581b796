import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";

/** A chain of its own process, with real blocks, proofs and reorganisations. */
export interface Anvil {
  readonly url: string;
  /** Asks it one question of JSON-RPC. */
  // biome-ignore lint/suspicious/noExplicitAny: what a node answers has as many forms as it has methods.
  readonly ask: (method: string, ...params: readonly unknown[]) => Promise<any>;
  readonly stop: () => Promise<void>;
}

/** What a chain is started with. */
export interface AnvilOptions {
  readonly hardfork?: string;
  readonly epochBlocks?: number;
  readonly chainId?: bigint;
  /** Unix seconds of its first block. */
  readonly startsAt?: bigint;
  /** More of its arguments. */
  readonly further?: readonly string[];
}

/** Killing npm's wrapper would leave the chain alive, so the program inside the platform's package is started. */
const PLATFORMS: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * Starts anvil on a free port of this machine.
 *
 * @param options - `hardfork`: whose rules it follows; `epochBlocks`: how far `safe` is behind the last block, `finalized`
 *   twice as far; `chainId`; `startsAt`; `further` arguments; its own defaults if left out
 * @returns the chain, ready to answer
 */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const folder = `@foundry-rs/anvil-${process.platform}-${PLATFORMS[process.arch]}`;
  const require = createRequire(createRequire(import.meta.url).resolve("@foundry-rs/anvil/package.json"));
  const program = require.resolve(`${folder}/bin/anvil${process.platform === "win32" ? ".exe" : ""}`);
  const { chainId, hardfork, epochBlocks, startsAt, further = [] } = options;
  const chosen = [
    ...(hardfork === undefined ? [] : ["--hardfork", hardfork]),
    ...(epochBlocks === undefined ? [] : ["--slots-in-an-epoch", String(epochBlocks)]),
    ...(chainId === undefined ? [] : ["--chain-id", String(chainId)]),
    ...(startsAt === undefined ? [] : ["--timestamp", String(startsAt)]),
    ...further,
  ];
  const child = spawn(program, ["--port", "0", "--accounts", "20", ...chosen], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`anvil ended: ${output}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
      const [, port] = /Listening on 127\.0\.0\.1:(\d+)/.exec(output) ?? [];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    });
  });
  return {
    url,
    ask: async (method, ...params) => {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
      // biome-ignore lint/suspicious/noExplicitAny: see above.
      const { result, error }: any = await response.json();
      if (error !== undefined) throw new Error(`${method}: ${error.message}`);
      return result;
    },
    stop: async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}
