import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accountAttester, formatAddressBook } from "@digital-product-passport/sdk";
import { Wallet } from "ethers";
import { type AnvilSuite, startAnvilSuite } from "../../test/support/anvil-suite.js";
import { openPayer, type PairedMotor, pairMotor } from "../../test/support/relay-bench.js";
import { findFreePort, type ReadyProcess, startRelayProcess } from "../../test/support/relay-process.js";

/** Where readings are published, and as whom the receiver takes them. */
export const TOPIC = "plant/readings";
export const CLIENT_ID = "receiver-of-the-benchmark";

/** Sensors of the motor. */
export const SENSORS = 20;

/** A chain, a motor that is paired with a gateway, and what a relay for it is told. */
export interface BenchPlant {
  readonly suite: AnvilSuite;
  readonly motor: PairedMotor;
  readonly gateway: Wallet;
  /** Keys of its own: those of the suite are the same in every run, and one process at a time may send with a key. */
  readonly payers: readonly [relay: Wallet, first: Wallet, second: Wallet];
  readonly folder: string;
  readonly brokerPort: number;
  /** Starts the relay as an operator does; what an earlier one has left behind is gone unless it is kept. */
  readonly startRelay: (options?: { readonly isKept: boolean }) => Promise<ReadyProcess>;
  /** A number that the relay tells about itself; 0 if it tells none of this name. */
  readonly readMetric: (name: string) => Promise<number>;
  /** The JSON of readings, of all sensors in turn, which go on where the last ones ended. */
  readonly nextReadings: (count: number) => readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Sets up everything that the benchmarks of the relay share.
 *
 * @returns the plant; close it
 */
export async function openPlant(): Promise<BenchPlant> {
  const suite = await startAnvilSuite({});
  const gateway = new Wallet(createHash("sha256").update("gateway of the benchmark").digest("hex"));
  const payers = [await openPayer(suite), await openPayer(suite), await openPayer(suite)] as const;
  const sensors = Array.from({ length: SENSORS }, (_, index) => ({
    id: `sensor-${index}`,
    quantity: "winding-temperature" as const,
    unit: "Cel" as const,
  }));
  const motor = await pairMotor(suite, { gateway: await accountAttester(gateway), sensors });
  const [brokerPort, operationsPort] = [await findFreePort(), await findFreePort()];
  const folder = join(suite.folder, "relay");
  const config = join(suite.folder, "relay.yaml");
  const addressBook = join(suite.folder, "address-book.json");
  await writeFile(addressBook, formatAddressBook(suite.addressBook));
  const products = [motor.productId];
  const content = {
    folder,
    chain: { rpc: suite.url, addressBook },
    store: { folder: join(suite.folder, "documents") },
    gateway: { environment: "GATEWAY_KEY" },
    payers: { batches: [{ environment: "PAYER_KEY" }] },
    products,
    senders: [{ name: "plant", products, topics: [TOPIC] }],
    mqtt: { url: `mqtt://127.0.0.1:${brokerPort}`, clientId: CLIENT_ID },
    batches: { maximumReadings: 1_000, maximumSeconds: 1 },
    operations: { port: operationsPort },
    confirmSeconds: 0.5,
    logLevel: "warn",
  };
  // JSON is YAML.
  await writeFile(config, JSON.stringify(content));
  // As the systemd unit and the Dockerfile start it.
  const NODE_OPTIONS = "--max-semi-space-size=16 --max-old-space-size=512";
  const environment = { NODE_OPTIONS, GATEWAY_KEY: gateway.privateKey, PAYER_KEY: payers[0].privateKey };
  let sent = 0;
  return {
    suite,
    motor,
    gateway,
    payers,
    folder,
    brokerPort,
    startRelay: async ({ isKept } = { isKept: false }) => {
      if (!isKept) await rm(folder, { recursive: true, force: true });
      return await startRelayProcess({ config, environment: { ...environment, PASSPORT_RELAY_LOG_LEVEL: "info" } });
    },
    readMetric: async (name) => {
      const response = await fetch(`http://127.0.0.1:${operationsPort}/metrics`);
      const line = (await response.text()).split("\n").find((each) => each.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1) ?? 0);
    },
    nextReadings: (count) =>
      Array.from({ length: count }, () => {
        const reading = readingOf(motor.productId, sent);
        sent += 1;
        return JSON.stringify(reading);
      }),
    close: suite.close,
  };
}

function readingOf(product: string, index: number) {
  return {
    sensor: `sensor-${index % SENSORS}`,
    sequence: Math.floor(index / SENSORS) + 1,
    product,
    quantity: "winding-temperature",
    unit: "Cel",
    value: (60 + (index % 400) / 10).toFixed(1),
    time: new Date().toISOString(),
  };
}
