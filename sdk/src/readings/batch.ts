import type { GatewayMessages } from "../signing/typed-data.js";

/** Readings, as their gateway signs them. */
export type Batch = GatewayMessages["Batch"];
