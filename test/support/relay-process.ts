import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { env, execPath } from "node:process";
import { createInterface } from "node:readline";
import type { BrokerProcessOptions } from "./broker-process.js";
import { projectRoot } from "./project-files.js";

/** A process that has said that it is ready. */
export interface ReadyProcess {
  readonly child: ChildProcess;
  /** What it has written so far, line by line. */
  readonly said: readonly string[];
  /** Fulfilled with its exit code; null if a signal has ended it. */
  readonly ended: Promise<number | null>;
  /** Fulfilled with the next line that it writes and that is wanted. */
  readonly next: (isWanted: (line: string) => boolean) => Promise<string>;
}

/** How the relay's command is started. */
export interface RelayProcessOptions {
  /** Path of the YAML file. */
  readonly config: string;
  /** Keys and tokens, by the names that the configuration uses. */
  readonly environment: Readonly<Record<string, string>>;
  /** No file may become larger, as if the disk was full; needs a POSIX shell. */
  readonly largestFileKilobytes?: number | undefined;
}

/**
 * Starts `passport relay` as an operator does.
 *
 * @param options - configuration
 * @returns the process when it is ready, or when it has ended before
 */
export async function startRelayProcess(options: RelayProcessOptions): Promise<ReadyProcess> {
  const { config, environment, largestFileKilobytes } = options;
  const command = [execPath, join(projectRoot, "cli", "bin", "passport.js"), "relay", "--config", config];
  // Without the trap, the system would end a process that writes too much, instead of telling it.
  const limit = `trap '' XFSZ; ulimit -f ${(largestFileKilobytes ?? 0) * 2}; exec "$@"`;
  const [program = "", ...rest] = largestFileKilobytes === undefined ? command : ["sh", "-c", limit, "sh", ...command];
  const child = spawn(program, rest, { env: { ...env, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  return await untilReady(child, (line) => line.includes('"msg":"ready"'));
}

/**
 * Starts a broker that can be killed.
 *
 * @param options - what `broker-process.ts` is told
 * @returns the process when it listens
 */
export async function startBrokerProcess(options: BrokerProcessOptions): Promise<ReadyProcess> {
  const script = join(projectRoot, "test", "support", "broker-process.ts");
  const child = spawn(execPath, ["--import=tsx", script, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  return await untilReady(child, (line) => line === "started");
}

async function untilReady(child: ChildProcess, isReady: (line: string) => boolean): Promise<ReadyProcess> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the process says nothing");
  const said: string[] = [];
  const lines = new EventEmitter();
  for (const stream of [stdout, stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      said.push(line);
      lines.emit("line", line);
    });
  }
  const next = (isWanted: (line: string) => boolean): Promise<string> =>
    new Promise((resolve) => {
      const listen = (line: string): void => {
        if (!isWanted(line)) return;
        lines.off("line", listen);
        resolve(line);
      };
      lines.on("line", listen);
    });
  const ended = once(child, "exit").then(([code]) => (Number.isInteger(code) ? Number(code) : null));
  await Promise.race([next(isReady), ended]);
  return { child, said, ended, next };
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return address.port;
}
