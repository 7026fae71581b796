import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { connectChain, createRelay, type Relay, type RelayOptions, type Sender } from "@digital-product-passport/relay";
import {
  type Address,
  type Attester,
  createPassportClient,
  type FullDocumentStore,
  type Hex,
  pairingTypedData,
  parseBytes27,
  ReadingsAnchor__factory,
  timestampOf,
  unpairingTypedData,
} from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { Aedes } from "aedes";
import { parseEther, Wallet } from "ethers";
import { connectAsync, type MqttClient } from "mqtt";
import { pino } from "pino";
import type { AnvilSuite } from "./anvil-suite.js";
import { NO_END } from "./contract-values.js";
import { productIdOf } from "./deploy-suite.js";
import { SAMPLE_MOTOR } from "./sdk-clients.js";

/** A sensor of the tests, as the pairing lists it. */
export interface BenchSensor {
  readonly id: string;
  readonly quantity: "winding-temperature" | "vibration-velocity" | "running-time";
  readonly unit: "Cel" | "mm/s" | "h";
  readonly publicKey?: Hex;
}

/** The sensors of a motor. */
export const SENSORS: readonly BenchSensor[] = [
  { id: "winding-1", quantity: "winding-temperature", unit: "Cel" },
  { id: "vibration-de", quantity: "vibration-velocity", unit: "mm/s" },
  { id: "hours", quantity: "running-time", unit: "h" },
];

/** A motor that is paired with a gateway. */
export interface PairedMotor {
  readonly productId: string;
  readonly passport: Address;
}

let issued = 40_000;

/** An account has no key in ERC-7913 form. */
const isAccount = ({ signer }: Attester): boolean => signer.length === 2;

/**
 * Issues a motor's passport, and pairs it with the gateway.
 *
 * @param suite - a running chain
 * @param options - `gateway`: who measures; `sensors`: with what
 * @returns the motor
 */
export async function pairMotor(
  suite: AnvilSuite,
  options: { readonly gateway: Attester; readonly sensors?: readonly BenchSensor[] },
): Promise<PairedMotor> {
  const { participants } = suite;
  const { gateway, sensors = SENSORS } = options;
  const productId = productIdOf(++issued);
  const owner = participants.owner.address;
  const prepared = await clientOf(suite, participants.issuer).issuePassport({
    productId,
    owner,
    document: SAMPLE_MOTOR,
  });
  const { passport } = (await prepared.send()).result;
  const grantee = isAccount(gateway) ? { attester: gateway.address } : { signer: gateway.signer };
  const grant = { ...grantee, roles: ["GATEWAY"], passport, validUntil: NO_END };
  await (await clientOf(suite, participants.admin).grantRoles(grant)).send();
  await recordPairing(suite, { gateway, passport, sensors, eventType: "GATEWAY_PAIRED" });
  return { productId, passport };
}

/**
 * Records that a gateway measures a product, or no longer does.
 *
 * @param suite - a running chain
 * @param options - gateway, passport, sensors
 */
export async function recordPairing(
  suite: AnvilSuite,
  options: {
    readonly gateway: Attester;
    readonly passport: Address;
    readonly sensors?: readonly BenchSensor[];
    readonly eventType: "GATEWAY_PAIRED" | "GATEWAY_UNPAIRED";
  },
): Promise<void> {
  const { gateway, passport, sensors = SENSORS, eventType } = options;
  const readingsAnchor = suite.addressBook.contracts.readingsAnchor.address;
  const anchor = ReadingsAnchor__factory.connect(readingsAnchor, suite.network.provider);
  const { sequence: batchSequence, head } = await anchor.chainOf(gateway.address);
  const batchHead = parseBytes27(head);
  const domain = { chainId: suite.network.chainId, readingsAnchor };
  const position = { passport, gateway: gateway.address, batchSequence, batchHead };
  const typedDataOf = eventType === "GATEWAY_PAIRED" ? pairingTypedData : unpairingTypedData;
  const gatewaySignature = await gateway.sign(typedDataOf({ ...domain, ...position }));
  const pairing = {
    gateway: gateway.address,
    ...(isAccount(gateway) ? {} : { gatewayKey: gateway.signer }),
    readingsAnchor,
    batchSequence: Number(batchSequence),
    batchHead,
    gatewaySignature,
  };
  const data = eventType === "GATEWAY_PAIRED" ? { ...pairing, sensors: [...sensors] } : { ...pairing, reason: "moved" };
  const client = clientOf(suite, suite.participants.technician);
  // Safety: the schema of the event type checks the document when it is made.
  const event = { passport, eventType: eventType as "GATEWAY_PAIRED", document: { data: data as never } };
  await (await client.attest(event)).send();
}

/**
 * A client of somebody.
 *
 * @param suite - a running chain
 * @param signer - whose
 * @returns the client, with the bench's document store
 */
export function clientOf(suite: AnvilSuite, signer?: AnvilSuite["participants"]["owner"]) {
  const { contracts } = suite.addressBook;
  return createPassportClient({
    rpc: suite.network.provider,
    chainId: suite.network.chainId,
    registry: contracts.registry.address,
    manager: contracts.manager.address,
    attestationRelay: contracts.attestationRelay.address,
    store: createDiskStore(join(suite.folder, "documents")),
    signer,
  });
}

const payersOfSuites = new WeakMap<AnvilSuite, Promise<readonly [batches: Wallet, attestations: Wallet]>>();

/**
 * Funds an account that nobody else has: only one process of a machine may send with a key on a chain, and all suites have
 * the same participants and chain id.
 *
 * @param suite - a running chain
 * @returns the account
 */
export async function openPayer({ network, participants }: AnvilSuite): Promise<Wallet> {
  const wallet = new Wallet(Wallet.createRandom().privateKey, network.provider);
  await (await participants.owner.sendTransaction({ to: wallet.address, value: parseEther("100") })).wait();
  return wallet;
}

async function openPayers(suite: AnvilSuite): Promise<readonly [batches: Wallet, attestations: Wallet]> {
  return [await openPayer(suite), await openPayer(suite)];
}

/** What a test changes of a relay. */
export type BenchOptions = Partial<Omit<RelayOptions, "chain" | "payers" | "log">> & {
  readonly gateway: Attester;
  readonly products: readonly string[];
  /** Where documents and readings go; the suite's folder if left out. */
  readonly store?: FullDocumentStore;
};

/**
 * Starts a relay with short times.
 *
 * @param suite - a running chain
 * @param options - gateway, products, and whatever is not as usual
 * @returns the relay
 */
export async function startRelay(suite: AnvilSuite, options: BenchOptions): Promise<Relay> {
  const { gateway, store = createDiskStore(join(suite.folder, "documents")), ...others } = options;
  const readingsAnchor = suite.addressBook.contracts.readingsAnchor.address;
  const { context: own } = clientOf(suite);
  const { clock } = others;
  // A process has one clock.
  const context = clock === undefined ? own : { ...own, clock: () => BigInt(Math.floor(clock() / 1_000)) };
  // A relay that is started again goes on with the transactions of the same keys.
  const opening = payersOfSuites.get(suite) ?? openPayers(suite);
  payersOfSuites.set(suite, opening);
  const [batches, attestations] = await opening;
  return await createRelay({
    chain: connectChain({ context: { ...context, store, readingsAnchor }, gateway, deadlineSeconds: 3_600 }),
    payers: { batches: [batches], attestations: [attestations] },
    folder: join(suite.folder, `relay-${gateway.address}`),
    receivers: {},
    clockSkew: { pastSeconds: 7 * 86_400, futureSeconds: 300 },
    journal: {},
    deadLetterBytes: 1_000_000,
    batches: { maximumReadings: 100, maximumSeries: 400, maximumSeconds: 0.5, alarmSeconds: 0.1 },
    attestations: { alarms: [], readingsAnchor, gateway: gateway.address },
    operations: { host: "127.0.0.1", port: 0 },
    pairingRefreshSeconds: 1,
    confirmMilliseconds: 100,
    shutdownMilliseconds: 20_000,
    restartMilliseconds: 200,
    log: pino({ level: process.env["RELAY_LOG"] ?? "silent" }),
    ...others,
  });
}

/**
 * A reading as a sensor sends it.
 *
 * @param product - productId
 * @param sequence - of the sensor
 * @param changes - what is not as usual
 * @returns the reading
 */
export function readingOf(product: string, sequence: number, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    sensor: "winding-1",
    sequence,
    product,
    quantity: "winding-temperature",
    unit: "Cel",
    value: "71.5",
    time: timestampOf(BigInt(Math.floor(Date.now() / 1_000))),
    ...changes,
  };
}

/** A broker inside the test. */
export interface Broker {
  readonly url: string;
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Starts an MQTT 3.1.1 broker.
 *
 * @param port - 0 for any that is free
 * @returns the broker
 */
export async function startBroker(port = 0): Promise<Broker> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The broker has no port");
  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    port: address.port,
    close: async () => {
      await new Promise<void>((resolve) => broker.close(resolve));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/**
 * Somebody who publishes.
 *
 * @param url - of the broker
 * @returns the client
 */
export async function publisherOf(url: string): Promise<MqttClient> {
  return await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 200 });
}

/** What a receiver of MQTT is told in tests. */
export function mqttOptions(url: string, topics: readonly { readonly filter: string; readonly sender: Sender }[]) {
  return {
    url,
    protocolVersion: 4 as const,
    clientId: "relay-of-the-test",
    topics,
    maximumInFlight: 500,
    sessionExpirySeconds: 3_600,
    retryMilliseconds: 200,
  };
}

/**
 * Waits until something is so.
 *
 * @param isSo - asked again and again
 * @param what - for the error
 */
export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`It did not come: ${what}`);
    await setTimeout(50);
  }
}
