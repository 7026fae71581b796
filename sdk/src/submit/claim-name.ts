import { createHash } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassportError } from "../errors/passport-error.js";

/**
 * Takes a name that only one process of this machine can have at a time. The operating system gives it back when the
 * process ends, however it ends: nothing is left behind that would have to be judged dead or alive.
 *
 * @param name - what is taken
 * @param options - `platform`: of the operating system, for tests
 * @returns gives the name back
 * @throws PassportError `journal.in-use`
 */
export async function claimName(
  name: string,
  options: { readonly platform?: NodeJS.Platform } = {},
): Promise<() => Promise<void>> {
  const path = socketPathOf(name, options.platform ?? process.platform);
  const server = (await tryListening(path)) ?? ((await removeDead(path)) ? await tryListening(path) : undefined);
  if (server === undefined) throw new PassportError("journal.in-use", { name });
  server.unref();
  return async () => {
    await new Promise((resolve) => server.close(resolve));
  };
}

/** Linux and Windows have names for sockets that are no files; elsewhere it is a file that outlives its process. */
function socketPathOf(name: string, platform: NodeJS.Platform): string {
  const short = `passport-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
  if (platform === "linux") return `\0${short}`;
  if (platform === "win32") return `\\\\.\\pipe\\${short}`;
  return join(tmpdir(), `${short}.lock`);
}

async function tryListening(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.listen({ path, exclusive: true });
  try {
    await once(server, "listening");
    return server;
  } catch (error) {
    if (hasCode(error, "EADDRINUSE")) return undefined;
    throw error;
  }
}

/** The file of a process that has died: nobody listens there. */
async function removeDead(path: string): Promise<boolean> {
  if (!path.endsWith(".lock")) return false;
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return false;
  } catch (error) {
    if (!hasCode(error, "ECONNREFUSED")) return false;
    await rm(path, { force: true });
    return true;
  } finally {
    socket.destroy();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
