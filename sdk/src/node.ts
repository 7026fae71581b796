export { readAddressBook } from "./chain/read-address-book.js";
export { createDiskStore } from "./document/stores/disk-store.js";
export { p256KeyOfPem } from "./signing/p256-key-of-pem.js";
export { createFileJournal } from "./submit/file-journal.js";
