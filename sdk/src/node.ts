export { createDiskStore } from "./document/stores/disk-store.js";
