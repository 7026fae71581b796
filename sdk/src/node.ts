export { createDiskStore } from "./document/stores/disk-store.js";
export { createFileJournal } from "./submit/file-journal.js";
