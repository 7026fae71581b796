import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, opendir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PassportError } from "../../errors/passport-error.js";
import { syncFolder } from "../../primitives/sync-folder.js";
import { cidSchema } from "../cid.js";
import { createContentStore } from "./content-store.js";
import type { FullDocumentStore } from "./document-store.js";

/**
 * Makes a store of files in one folder, each named after its CID. What is there is pinned. A file appears under its name
 * only when it is whole and on disk, also when the power fails; several processes may share the folder.
 *
 * @param folder - path of the folder; it is made when the first content comes
 * @returns the store
 */
export function createDiskStore(folder: string): FullDocumentStore {
  const root = resolve(folder);
  return createContentStore({
    write: async (cid, content) => {
      const unfinished = join(root, `${cid}.${randomUUID()}.unfinished`);
      try {
        await makeFolderDurably(root);
        await writeDurably(unfinished, content);
        await rename(unfinished, join(root, cid));
        await syncFolder(root);
      } catch (cause) {
        // The failure to report is the first one, not that of tidying up.
        await rm(unfinished, { force: true }).catch(() => undefined);
        throw unreachable(root, cause);
      }
    },
    read: async function* (cid) {
      try {
        yield* createReadStream(join(root, cid));
      } catch (cause) {
        throw hasCode(cause, "ENOENT")
          ? new PassportError("document.not-found", { cid }, { cause })
          : unreachable(root, cause);
      }
    },
    unpin: async (cid) => {
      await rm(join(root, cid), { force: true }).catch((cause: unknown) => {
        throw unreachable(root, cause);
      });
    },
    list: async function* () {
      try {
        for await (const { name } of await opendir(root)) {
          const cid = cidSchema.safeParse(name);
          if (cid.success) yield cid.data;
        }
      } catch (cause) {
        // A folder that no content has come to yet.
        if (!hasCode(cause, "ENOENT")) throw unreachable(root, cause);
      }
    },
  });
}

/** As a file is durable only when its folder is, so is a folder. */
async function makeFolderDurably(folder: string): Promise<void> {
  const firstMade = await mkdir(folder, { recursive: true });
  if (firstMade === undefined) return;
  for (let made = folder; made.length >= firstMade.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function writeDurably(path: string, content: Blob): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(content.stream());
    await file.sync();
  } finally {
    await file.close();
  }
}

function unreachable(folder: string, cause: unknown): PassportError {
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new PassportError("store.unreachable", { store: folder, problem }, { cause });
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
