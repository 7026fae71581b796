export { readAddressBook } from "./chain/read-address-book.js";
export { createDiskStore } from "./document/stores/disk-store.js";
export { sleep } from "./primitives/sleep.js";
export { syncFolder } from "./primitives/sync-folder.js";
export { walletOfKey, walletOfKeystore } from "./signing/open-wallet.js";
export { p256KeyOfPem } from "./signing/p256-key-of-pem.js";
export { type ChangeSignal, createChangeSignal } from "./submit/change-signal.js";
export {
  type ChecksummedLine,
  cutTornLine,
  formatLine,
  formatLineOfJson,
  readLines,
} from "./submit/checksummed-lines.js";
export { claimName } from "./submit/claim-name.js";
export { createFileJournal } from "./submit/file-journal.js";
export { isOutage, type Patience, persist } from "./submit/persist.js";
