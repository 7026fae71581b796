import { createHash } from "node:crypto";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env, platform } from "node:process";
import { setTimeout } from "node:timers/promises";
import { type Attester, accountAttester, eventTypeName, formatAddressBook } from "@digital-product-passport/sdk";
import { proveReading, verifyReading } from "@digital-product-passport/sdk/readings";
import { expect } from "chai";
import { Wallet } from "ethers";
import { connectAsync, type MqttClient } from "mqtt";
import { ReadingsAnchor__factory } from "../../types/ethers-contracts/index.js";
import { type AnvilSuite, startAnvilSuite } from "../support/anvil-suite.js";
import { createRandom, type Random } from "../support/random.js";
import { type BenchSensor, clientOf, openPayer, type PairedMotor, pairMotor } from "../support/relay-bench.js";
import { findFreePort, startBrokerProcess, startRelayProcess } from "../support/relay-process.js";
import { replayGatewayChain } from "../support/replay-gateway-chain.js";
import { type Sequencer, startSequencer } from "../support/sequencer.js";

/** `RELAY_SEED` repeats a run; `RELAY_KILLS` makes it longer: `npm run soak`. */
const SEED = Number(env["RELAY_SEED"] ?? Date.now() % 1_000_000);
const KILLS = Number(env["RELAY_KILLS"] ?? 20);

const FAULTS = { lostBefore: 0.05, lostAfter: 0.05, tooManyRequests: 0.02, serverError: 0.02, slow: 0.02 };
const EPOCH_BLOCKS = 4;
const TRAFFIC_MILLISECONDS = 300;
/** Time between two readings, and how many that nobody has acknowledged are sent again each time. */
const PACE_MILLISECONDS = 4;
const AGAIN = 200;
/** Less than a segment of the journal: it is reached soon. */
const LARGEST_FILE_KILOBYTES = 40;
const MOTORS = 2;
const SENSORS_PER_MOTOR = 4;
/** Readings above the threshold: as many sensors cross it, each once. */
const ALARMS = 6;
/** How many readings are proven and verified at the end; all of them are compared with the chain. */
const PROOFS = 5;
const CLIENT_ID = "relay-that-is-killed";
const TOPIC = "plant/readings";
const TOKEN = "token-of-the-plant";

/** A reading that was sent; its JSON. */
type Sent = string;

describe(`a relay that is killed again and again (RELAY_SEED=${SEED})`, function () {
  this.timeout(180_000 + KILLS * 20_000);
  let suite: AnvilSuite;
  let sequencer: Sequencer;
  let random: Random;
  let gateway: Attester;
  let motors: readonly PairedMotor[];
  let stopTraffic: () => Promise<void>;
  const gatewayKey = Wallet.createRandom();

  before(async () => {
    suite = await startAnvilSuite({ epochBlocks: EPOCH_BLOCKS });
    random = createRandom(SEED);
    gateway = await accountAttester(gatewayKey);
    motors = [];
    for (let motor = 0; motor < MOTORS; motor += 1) {
      motors = [...motors, await pairMotor(suite, { gateway, sensors: sensorsOf(motor) })];
    }
    sequencer = await startSequencer(suite.url, { seed: SEED, faults: FAULTS });
    // What the test itself has done must survive the rollbacks.
    await sequencer.mine(4 * EPOCH_BLOCKS);
    stopTraffic = sequencer.keepMining(TRAFFIC_MILLISECONDS);
  });
  after(async () => {
    await stopTraffic();
    await sequencer.close();
    await suite.close();
  });

  const sensorsOf = (motor: number): readonly BenchSensor[] => {
    const count = SENSORS_PER_MOTOR + (motor === 0 ? ALARMS : 0);
    return Array.from({ length: count }, (_, index) => ({
      id: `sensor-${motor}-${index}`,
      quantity: "winding-temperature",
      unit: "Cel",
    }));
  };

  it("every reading that it has acknowledged is anchored once, and every alarm is in the passport once", async () => {
    const plant = await openPlant();
    const stopSending = sendReadings(plant);
    await killAgainAndAgain(plant);
    plant.relay = await startRelayProcess(plant.options);
    await setTimeout(1_000);
    await stopSending();
    await untilAllAcknowledged(plant);
    plant.relay.child.kill("SIGTERM");
    expect(await plant.relay.ended, plant.relay.said.slice(-5).join("\n")).to.equal(0);
    plant.broker.child.kill();

    const { documents, sent } = plant;
    const { provider } = suite.network;
    const readingsAnchor = suite.addressBook.contracts.readingsAnchor.address;
    const chain = await replayGatewayChain(provider, { readingsAnchor, gateway: gateway.address, documents });
    const anchored = chain.readings.map(nameOf);
    expect(new Set(anchored).size, "readings that are anchored twice").to.equal(anchored.length);
    const known = new Set(anchored);
    expect(
      [...sent.keys()].filter((name) => !known.has(name)),
      "readings that are not anchored",
    ).to.deep.equal([]);
    expect(
      anchored.filter((name) => !sent.has(name)),
      "readings that nobody has sent",
    ).to.deep.equal([]);
    const onChain = await ReadingsAnchor__factory.connect(readingsAnchor, provider).chainOf(gateway.address);
    expect([onChain.sequence, onChain.head]).to.deep.equal([chain.sequence, chain.head]);
    expect(await countAlarms()).to.equal(ALARMS);
    for (let proof = 0; proof < PROOFS; proof += 1) {
      const name = anchored[random.integer(0, anchored.length - 1)] ?? "";
      expect(await proveAndVerify(name), name).to.deep.equal(["valid", "valid", "valid", "valid"]);
    }
    console.log(
      `      ${anchored.length} readings in ${chain.sequence} batches, ${KILLS} kills, ${plant.notes.join(", ")}; ` +
        [...sequencer.counts].map(([what, count]) => `${what} ${count}`).join(", "),
    );
  });

  /** Everything around the chain: broker, relay, what was sent and what nobody has acknowledged. */
  const openPlant = async () => {
    const { folder, addressBook } = suite;
    const [brokerPort, httpPort] = [await findFreePort(), await findFreePort()];
    const documents = join(folder, "documents");
    const config = join(folder, "relay.yaml");
    const book = join(folder, "address-book.json");
    await writeFile(book, formatAddressBook(addressBook));
    const products = motors.map(({ productId }) => productId);
    const content = {
      folder: join(folder, "relay"),
      chain: { rpc: sequencer.url, addressBook: book },
      store: { folder: documents },
      gateway: { environment: "GATEWAY_KEY" },
      payers: {
        batches: [{ environment: "PAYER_1" }, { environment: "PAYER_2" }],
        attestations: [{ environment: "PAYER_3" }],
      },
      products,
      senders: [
        { name: "plant", products, topics: [TOPIC], tokenSha256: createHash("sha256").update(TOKEN).digest("hex") },
      ],
      mqtt: { url: `mqtt://127.0.0.1:${brokerPort}`, clientId: CLIENT_ID, retrySeconds: 0.2 },
      http: { port: httpPort },
      batches: { maximumReadings: 300, maximumSeconds: 0.5, alarmSeconds: 0.1 },
      journal: { reserveBytes: 0, segmentBytes: 200_000 },
      attestations: {
        alarms: [
          {
            code: "over-temperature",
            quantity: "winding-temperature",
            levels: [{ name: "hot", above: "130", severity: "critical" }],
          },
        ],
      },
      pairingRefreshSeconds: 5,
      confirmSeconds: 0.2,
      shutdownSeconds: 60,
      restartSeconds: 0.3,
    };
    // JSON is YAML.
    await writeFile(config, JSON.stringify(content));
    const payers = [await openPayer(suite), await openPayer(suite), await openPayer(suite)] as const;
    const environment = {
      GATEWAY_KEY: gatewayKey.privateKey,
      PAYER_1: payers[0].privateKey,
      PAYER_2: payers[1].privateKey,
      PAYER_3: payers[2].privateKey,
    };
    const acknowledged = join(folder, "acknowledged.ndjson");
    await writeFile(acknowledged, "");
    const brokerOptions = { port: brokerPort, acknowledged, clientId: CLIENT_ID };
    const options = { config, environment };
    return {
      options,
      documents,
      journal: join(content.folder, "readings"),
      url: `http://127.0.0.1:${httpPort}/readings`,
      brokerOptions,
      broker: await startBrokerProcess(brokerOptions),
      relay: await startRelayProcess(options),
      client: await connectAsync(content.mqtt.url, { protocolVersion: 4, reconnectPeriod: 100 }),
      sent: new Map<string, Sent>(),
      open: new Map<string, Sent>(),
      notes: [] as string[],
    };
  };
  type Plant = Awaited<ReturnType<typeof openPlant>>;

  /** Sends readings, by MQTT or HTTP, until it is told to stop; by then every alarm was raised. */
  const sendReadings = (plant: Plant): (() => Promise<void>) => {
    const sequences = new Map<string, number>();
    let isStopping = false;
    const send = (motor: number, sensor: string, value: string): void => {
      const sequence = (sequences.get(sensor) ?? 0) + 1;
      sequences.set(sensor, sequence);
      const text = readingOf(motors[motor]?.productId, { sensor, sequence, value });
      plant.sent.set(`${sensor} ${sequence}`, text);
      plant.open.set(`${sensor} ${sequence}`, text);
      if (random.chance(0.2)) void post(plant, [text]);
      else publish(plant.client, text);
    };
    const sendUntilStopped = async (): Promise<void> => {
      for (let alarms = 0; !isStopping || alarms < ALARMS; await setTimeout(PACE_MILLISECONDS)) {
        const motor = random.integer(0, MOTORS - 1);
        send(motor, `sensor-${motor}-${random.integer(0, SENSORS_PER_MOTOR - 1)}`, "71.50");
        if (alarms === ALARMS || !(isStopping || random.chance(0.01))) continue;
        send(0, `sensor-0-${SENSORS_PER_MOTOR + alarms}`, "150.0");
        alarms += 1;
      }
    };
    const sending = sendUntilStopped();
    return async () => {
      isStopping = true;
      await sending;
    };
  };

  const readingOf = (product: string | undefined, rest: { sensor: string; sequence: number; value: string }): Sent =>
    JSON.stringify({
      product,
      quantity: "winding-temperature",
      unit: "Cel",
      time: new Date().toISOString(),
      ...rest,
    });

  const publish = (client: MqttClient, text: Sent): void => {
    // Nothing is kept for later: what nobody acknowledges is sent again anyway.
    if (client.connected) client.publish(TOPIC, text, { qos: 1 }, () => undefined);
  };

  const post = async ({ url, open }: Plant, texts: readonly Sent[]): Promise<void> => {
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/x-ndjson" };
    try {
      const response = await fetch(url, { method: "POST", headers, body: texts.join("\n") });
      if (!response.ok) return;
      // Safety: the relay answers with a result for each reading.
      const { results } = (await response.json()) as { results: readonly { status: string; index: number }[] };
      for (const { status, index } of results) {
        expect(status, JSON.stringify(results)).to.be.oneOf(["accepted", "duplicate"]);
        open.delete(nameOf(JSON.parse(texts[index] ?? "")));
      }
    } catch (error) {
      // Nobody listens, or somebody was killed in the middle of his answer.
      if (!(error instanceof TypeError)) throw error;
    }
  };

  const takeAcknowledged = async ({ brokerOptions, open }: Plant): Promise<void> => {
    const lines = (await readFile(brokerOptions.acknowledged, "utf8")).split("\n");
    for (const line of lines.slice(0, -1)) open.delete(nameOf(JSON.parse(line)));
  };

  const killAgainAndAgain = async (plant: Plant): Promise<void> => {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await setTimeout(random.integer(100, 1_500));
      if (kill % 5 === 0) await rollBack(plant);
      plant.relay.child.kill("SIGKILL");
      await plant.relay.ended;
      if (kill % 4 === 0) await restartBroker(plant);
      if (random.chance(0.3)) await tear(plant);
      plant.relay = await startAgain(plant, { isDiskFull: kill % 7 === 0 && platform !== "win32" });
      await sendAgain(plant);
    }
    // The last one may have found its disk full.
    plant.relay.child.kill("SIGKILL");
    await plant.relay.ended;
  };

  const startAgain = async (plant: Plant, { isDiskFull }: { readonly isDiskFull: boolean }) => {
    if (isDiskFull) plant.notes.push("full disk");
    const largestFileKilobytes = isDiskFull ? LARGEST_FILE_KILOBYTES : undefined;
    return await startRelayProcess({ ...plant.options, largestFileKilobytes });
  };

  const rollBack = async ({ notes }: Plant): Promise<void> => {
    await sequencer.rollBack(random.integer(1, EPOCH_BLOCKS), { isReplaced: random.chance(0.5) });
    notes.push("rollback");
  };

  const restartBroker = async (plant: Plant): Promise<void> => {
    plant.broker.child.kill("SIGKILL");
    await plant.broker.ended;
    plant.broker = await startBrokerProcess(plant.brokerOptions);
    plant.notes.push("broker killed");
  };

  /** What a write leaves that power has ended in the middle. */
  const tear = async ({ journal, notes }: Plant): Promise<void> => {
    const last = (await readdir(journal))
      .filter((name) => name.endsWith(".journal"))
      .toSorted()
      .at(-1);
    if (last === undefined) return;
    const line = (await readFile(join(journal, last), "utf8")).trimEnd().split("\n").at(-1) ?? "";
    await appendFile(join(journal, last), line.slice(0, random.integer(1, Math.max(1, line.length - 1))));
    notes.push("torn write");
  };

  const sendAgain = async (plant: Plant): Promise<void> => {
    await takeAcknowledged(plant);
    const texts = [...plant.open.values()].slice(0, AGAIN);
    for (const text of texts) publish(plant.client, text);
    if (texts.length > 0) void post(plant, texts);
  };

  const untilAllAcknowledged = async (plant: Plant): Promise<void> => {
    const end = Date.now() + 90_000;
    for (await takeAcknowledged(plant); plant.open.size > 0; await takeAcknowledged(plant)) {
      if (Date.now() > end) {
        throw new Error(`${plant.open.size} readings are not acknowledged: ${plant.relay.said.slice(-20).join("\n")}`);
      }
      await sendAgain(plant);
      await setTimeout(300);
    }
    plant.client.end(true);
  };

  /** @returns what `verifyReading` finds against the chain */
  const proveAndVerify = async (name: string): Promise<readonly string[]> => {
    const [sensor = "", sequence] = name.split(" ");
    const readingsAnchor = suite.addressBook.contracts.readingsAnchor.address;
    const context = { ...clientOf(suite).context, readingsAnchor };
    const proof = await proveReading(context, { gateway: gateway.address, sensor, sequence: Number(sequence) });
    const { verdicts } = await verifyReading(JSON.parse(JSON.stringify(proof)), { context });
    return Object.values(verdicts).map(({ status }) => status);
  };

  const countAlarms = async (): Promise<number> => {
    const [motor] = motors;
    const client = clientOf(suite);
    const { entries } = await client.readHistory({ passport: motor?.passport ?? "" });
    const readings = entries.filter(({ eventType }) => eventTypeName(eventType) === "READINGS");
    const documents = await Promise.all(readings.map(({ document }) => client.context.store?.get(document)));
    return documents.filter((bytes) => "alarm" in JSON.parse(new TextDecoder().decode(bytes)).data).length;
  };
});

function nameOf({ sensor, sequence }: { readonly sensor: string; readonly sequence: number }): string {
  return `${sensor} ${sequence}`;
}
