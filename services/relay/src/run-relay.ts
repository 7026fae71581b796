import { statfs } from "node:fs/promises";
import {
  type AddressBook,
  createPassportClient,
  createProvider,
  type FullDocumentStore,
  PassportError,
} from "@digital-product-passport/sdk";
import { createDiskStore, readAddressBook } from "@digital-product-passport/sdk/node";
import type { Signer } from "ethers";
import { type DestinationStream, pino } from "pino";
import { connectChain } from "./chain/connect-chain.js";
import { createRelay, type Relay, type RelayOptions } from "./create-relay.js";
import type { Sender } from "./delivery.js";
import { type AccountConfig, type RelayConfig, readConfig } from "./operations/config.js";
import { type Environment, openAccount, openGateway, readGiven, readSecret } from "./operations/open-keys.js";

/** How a relay is run as a process. */
export interface RunRelayOptions {
  /** Path of the YAML file; undefined if all of it comes from the environment. */
  readonly config: string | undefined;
  readonly environment: Environment;
  /** Where the log goes; standard output if left out. */
  readonly logTo?: DestinationStream | undefined;
  /** Ends it, as SIGTERM does. */
  readonly signal: AbortSignal;
}

/**
 * Runs a relay until the signal: reads the configuration, opens keys and store, starts it, and at the end closes it so that
 * what was taken is on chain.
 *
 * @param options - configuration, environment, signal
 * @throws PassportError `input.invalid`, `journal.in-use`, `journal.damaged`, `relay.chain-diverged`, and whatever else no
 *   restart of a part could mend
 */
export async function runRelay(options: RunRelayOptions): Promise<void> {
  const { environment, signal } = options;
  const config = await readConfig(options.config, { environment });
  const { chainId, contracts } = await requireAddressBook(config.chain.addressBook);
  const provider = createProvider(config.chain.rpc, { chainId });
  try {
    const store = await openStore(config);
    const gateway = await openGateway(config.gateway, { environment, verifier: contracts.p256Verifier.address });
    const { context } = createPassportClient({
      rpc: provider,
      chainId,
      registry: contracts.registry.address,
      manager: contracts.manager.address,
      attestationRelay: contracts.attestationRelay.address,
      store,
    });
    const open = async (account: AccountConfig, field: string): Promise<Signer> =>
      (await openAccount(account, { environment, field })).connect(provider);
    const openAll = async ([first, ...others]: readonly [AccountConfig, ...AccountConfig[]], field: string) =>
      [await open(first, field), ...(await Promise.all(others.map((other) => open(other, field))))] as const;
    const { payers, attestations } = config;
    const log =
      options.logTo === undefined ? pino({ level: config.logLevel }) : pino({ level: config.logLevel }, options.logTo);
    const relay = await createRelay({
      ...(await receiversOf(config, environment)),
      chain: connectChain({
        context: { ...context, store, readingsAnchor: contracts.readingsAnchor.address },
        gateway,
        deadlineSeconds: attestations.deadlineSeconds,
      }),
      payers: {
        batches: await openAll(payers.batches, "payers.batches"),
        attestations:
          payers.attestations === undefined ? undefined : await openAll(payers.attestations, "payers.attestations"),
      },
      attestations: {
        ...attestations,
        readingsAnchor: contracts.readingsAnchor.address,
        gateway: gateway.address,
      },
      log,
      signal,
    });
    await runUntil(relay, signal);
  } finally {
    provider.destroy();
  }
}

async function requireAddressBook(path: string): Promise<AddressBook> {
  const addressBook = await readAddressBook(path);
  if (addressBook !== undefined) return addressBook;
  throw new PassportError("input.invalid", {
    field: "chain.addressBook",
    problem: "there is no such file",
    value: path,
  });
}

async function runUntil(relay: Relay, signal: AbortSignal): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  try {
    await Promise.race([stopped, relay.done]);
  } finally {
    await relay.close();
  }
}

async function openStore({ store }: RelayConfig): Promise<FullDocumentStore> {
  if ("folder" in store) return createDiskStore(store.folder);
  // Kubo's client takes as long to load as everything else together.
  const { createKuboStore } = await import("@digital-product-passport/sdk/kubo");
  return createKuboStore({ url: store.ipfs });
}

/** Everything but keys, chain and log, as `createRelay` takes it. */
async function receiversOf(config: RelayConfig, environment: Environment) {
  const { journal, mqtt, http, coap } = config;
  const senders = config.senders.map(({ name, products, sensors, ...ways }) => {
    const sender: Sender = { name, products, sensors };
    return { sender, ...ways };
  });
  const receivers: RelayOptions["receivers"] = {
    mqtt:
      mqtt === undefined
        ? undefined
        : {
            ...mqtt,
            protocolVersion: mqtt.version === "5" ? 5 : 4,
            password:
              mqtt.password === undefined
                ? undefined
                : await readSecret(mqtt.password, { environment, field: "mqtt.password" }),
            tls: {
              authority: await readOptional(mqtt.authority, "mqtt.authority"),
              certificate: await readOptional(mqtt.certificate, "mqtt.certificate"),
              key: await readOptional(mqtt.key, "mqtt.key"),
            },
            topics: senders.flatMap(({ sender, topics }) => topics.map((filter) => ({ filter, sender }))),
            retryMilliseconds: mqtt.retrySeconds * 1_000,
          },
    http: http === undefined ? undefined : { ...http, senders, tls: await httpTlsOf(http) },
    coap,
  };
  return {
    receivers,
    folder: config.folder,
    products: config.products,
    clockSkew: config.clockSkew,
    deadLetterBytes: config.deadLetterBytes,
    batches: config.batches,
    operations: config.operations,
    pairingRefreshSeconds: config.pairingRefreshSeconds,
    journal: { ...journal, freeBytes },
    confirmMilliseconds: config.confirmSeconds * 1_000,
    shutdownMilliseconds: config.shutdownSeconds * 1_000,
    restartMilliseconds: config.restartSeconds * 1_000,
  };
}

async function httpTlsOf({ certificate, key, clientAuthority }: NonNullable<RelayConfig["http"]>) {
  if (certificate === undefined || key === undefined) return undefined;
  return {
    certificate: await readGiven(certificate, "http.certificate"),
    key: await readGiven(key, "http.key"),
    clientAuthority: await readOptional(clientAuthority, "http.clientAuthority"),
  };
}

async function readOptional(path: string | undefined, field: string): Promise<string | undefined> {
  return path === undefined ? undefined : await readGiven(path, field);
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
