export { createKuboStore, type KuboStoreOptions } from "./document/stores/kubo-store.js";
