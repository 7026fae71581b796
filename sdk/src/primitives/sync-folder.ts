import { open } from "node:fs/promises";

/**
 * Makes the names of a folder's files durable: a new one is only when its folder is. Windows cannot open folders, and needs
 * no sync.
 *
 * @param folder - its path
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
