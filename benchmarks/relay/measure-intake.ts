import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { execPath } from "node:process";
import { setTimeout } from "node:timers/promises";
import { connectAsync, type MqttClient } from "mqtt";
import { projectFolder } from "../../scripts/lib/project-paths.js";
import { type ReadyProcess, startBrokerProcess } from "../../test/support/relay-process.js";
import { medianOf } from "../sdk/alternate.js";
import { type BenchPlant, CLIENT_ID, TOPIC } from "./bench-plant.js";

const READINGS = 80_000;
const ROUNDS = 5;
/** Messages that are published and not yet taken by the broker. */
const IN_FLIGHT = 500;

/** How fast readings come from sensors into the journal, and from there on chain. */
export interface IntakeRates {
  readonly mqttToJournal: {
    readonly readingsPerSecond: number;
    /** Of what the broker and a client that does nothing with its messages do. */
    readonly ratioToBroker: number;
  };
  readonly endToEnd: { readonly readingsPerSecond: number };
}

/**
 * Publishes readings at QoS 1 through a broker in a process of its own, to the relay and to a client that does nothing, in
 * turn; the clock stops when the broker has the last acknowledgement, and for the way to the chain when the last batch is
 * sequenced.
 *
 * @param plant - chain and relay
 * @returns medians of the rounds
 */
export async function measureIntake(plant: BenchPlant): Promise<IntakeRates> {
  const rounds: { readonly alone: number; readonly journal: number; readonly chain: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const alone = await measureAlone(plant);
    const relayed = await measureRelayed(plant);
    // In the first round programs and caches warm up.
    if (round > 0) rounds.push({ alone, ...relayed });
  }
  return {
    mqttToJournal: {
      readingsPerSecond: Math.round(medianOf(rounds.map(({ journal }) => journal))),
      ratioToBroker: Number(medianOf(rounds.map(({ journal, alone }) => journal / alone)).toFixed(2)),
    },
    endToEnd: { readingsPerSecond: Math.round(medianOf(rounds.map(({ chain }) => chain))) },
  };
}

async function measureAlone(plant: BenchPlant): Promise<number> {
  const url = `mqtt://127.0.0.1:${plant.brokerPort}`;
  return await withBroker(plant, async (broker, publisher) => {
    const script = join(projectFolder, "test", "support", "subscriber-process.ts");
    const subscriber = spawn(execPath, ["--import=tsx", script, url, TOPIC, CLIENT_ID], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(subscriber.stdout, "data");
    const perSecond = await publishAll(plant, { broker, publisher });
    subscriber.kill();
    await once(subscriber, "exit");
    return perSecond;
  });
}

async function measureRelayed(plant: BenchPlant): Promise<{ readonly journal: number; readonly chain: number }> {
  return await withBroker(plant, async (broker, publisher) => {
    const relay = await plant.startRelay({ isKept: true });
    const before = await plant.readMetric(SEQUENCED);
    // The subscription is a moment behind the readiness.
    await setTimeout(500);
    const started = performance.now();
    const journal = await publishAll(plant, { broker, publisher });
    while ((await plant.readMetric(SEQUENCED)) - before < READINGS) await setTimeout(100);
    const chain = READINGS / ((performance.now() - started) / 1_000);
    relay.child.kill("SIGTERM");
    await relay.ended;
    return { journal, chain };
  });
}

const SEQUENCED = 'passport_relay_readings_anchored_total{status="sequenced"}';

async function withBroker<Result>(
  { brokerPort }: BenchPlant,
  task: (broker: ReadyProcess, publisher: MqttClient) => Promise<Result>,
): Promise<Result> {
  const broker = await startBrokerProcess({ port: brokerPort, clientId: CLIENT_ID, sayEvery: READINGS });
  const publisher = await connectAsync(`mqtt://127.0.0.1:${brokerPort}`, { protocolVersion: 4 });
  try {
    return await task(broker, publisher);
  } finally {
    await publisher.endAsync(true);
    broker.child.kill();
    await broker.ended;
  }
}

/** @returns messages a second, until the receiver has acknowledged the last one */
async function publishAll(
  plant: BenchPlant,
  { broker, publisher }: { readonly broker: ReadyProcess; readonly publisher: MqttClient },
): Promise<number> {
  const readings = [...plant.nextReadings(READINGS)];
  const isDone = broker.next((line) => line.endsWith("acknowledged"));
  const started = performance.now();
  const publishSome = async (): Promise<void> => {
    for (let text = readings.pop(); text !== undefined; text = readings.pop()) {
      await publisher.publishAsync(TOPIC, text, { qos: 1 });
    }
  };
  readings.reverse();
  await Promise.all(Array.from({ length: IN_FLIGHT }, publishSome));
  await isDone;
  return READINGS / ((performance.now() - started) / 1_000);
}
