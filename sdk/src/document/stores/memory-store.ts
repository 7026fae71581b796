import { PassportError } from "../../errors/passport-error.js";
import type { Cid } from "../cid.js";
import { createContentStore } from "./content-store.js";
import type { FullDocumentStore } from "./document-store.js";

/**
 * Makes a store that forgets everything when the process ends: for tests and trials.
 *
 * @returns the store, empty
 */
export function createMemoryStore(): FullDocumentStore {
  const contents = new Map<Cid, Blob>();
  return createContentStore({
    write: async (cid, content) => {
      contents.set(cid, new Blob([await content.arrayBuffer()]));
    },
    read: async function* (cid) {
      const content = contents.get(cid);
      if (content === undefined) throw new PassportError("document.not-found", { cid });
      yield new Uint8Array(await content.arrayBuffer());
    },
    unpin: async (cid) => {
      contents.delete(cid);
    },
    list: async function* () {
      yield* [...contents.keys()];
    },
  });
}
