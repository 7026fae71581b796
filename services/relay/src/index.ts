export type { AlarmLevel, AlarmRule } from "./attestations/alarm-rule.js";
export { type ConnectChainOptions, connectChain } from "./chain/connect-chain.js";
export type { RelayChain } from "./chain/relay-chain.js";
export { createRelay, type Relay, type RelayOptions } from "./create-relay.js";
export type { Delivery, Outcome, Rejection, RejectionCode, Sender, TakeIn, Transport } from "./delivery.js";
export { parseConfig, type RelayConfig, readConfig } from "./operations/config.js";
export type { Payers } from "./run-pipeline.js";
export { type RunRelayOptions, runRelay } from "./run-relay.js";
