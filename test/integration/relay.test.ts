import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Relay, Sender } from "@digital-product-passport/relay";
import { type Attester, accountAttester, eventTypeName, ReadingsAnchor__factory } from "@digital-product-passport/sdk";
import { expect } from "chai";
import { Wallet } from "ethers";
import type { MqttClient } from "mqtt";
import { type AnvilSuite, startAnvilSuite } from "../support/anvil-suite.js";
import {
  type Broker,
  clientOf,
  mqttOptions,
  type PairedMotor,
  pairMotor,
  publisherOf,
  readingOf,
  startBroker,
  startRelay,
  until,
} from "../support/relay-bench.js";

describe("a relay, from a broker to the chain", function () {
  this.timeout(180_000);
  let suite: AnvilSuite;
  let traffic: NodeJS.Timeout;
  let gateway: Attester;
  let motor: PairedMotor;
  let broker: Broker;
  let relay: Relay | undefined;
  let publisher: MqttClient;
  let readings: readonly ReturnType<typeof readingOf>[];
  let last: ReturnType<typeof readingOf>;

  before(async () => {
    suite = await startAnvilSuite({ epochBlocks: 2 });
    // Finality comes with blocks, and blocks come with the traffic of others.
    traffic = setInterval(() => void suite.network.provider.send("anvil_mine", ["0x1"]).catch(() => undefined), 200);
    gateway = await accountAttester(Wallet.createRandom());
    motor = await pairMotor(suite, { gateway });
    broker = await startBroker();
    publisher = await publisherOf(broker.url);
    readings = Array.from({ length: 250 }, (_, index) => readingOf(motor.productId, index + 1));
    last = readingOf(motor.productId, 253, { value: "131.3" });
  });
  after(async () => {
    await publisher.endAsync();
    await relay?.close();
    await broker.close();
    clearInterval(traffic);
    await suite.close();
  });

  const chainOf = async () =>
    await ReadingsAnchor__factory.connect(
      suite.addressBook.contracts.readingsAnchor.address,
      suite.network.provider,
    ).chainOf(gateway.address);
  const senderOf = (): Sender => ({ name: "plant-1", products: [motor.productId] });
  const start = async () => {
    const { address: readingsAnchor } = suite.addressBook.contracts.readingsAnchor;
    relay = await startRelay(suite, {
      gateway,
      products: [motor.productId],
      receivers: { mqtt: mqttOptions(broker.url, [{ filter: "plant/1/#", sender: senderOf() }]) },
      attestations: {
        readingsAnchor,
        gateway: gateway.address,
        summarySeconds: 3_600,
        alarms: [
          {
            code: "over-temperature",
            quantity: "winding-temperature",
            levels: [{ name: "over-temperature", above: "130", severity: "critical" }],
            hysteresis: "5",
          },
        ],
      },
    });
    const started = relay;
    await until(() => started.readiness()["mqtt"] === undefined, "the broker's answer");
    return started;
  };
  const publish = async (reading: unknown) =>
    await publisher.publishAsync("plant/1/motor", JSON.stringify(reading), { qos: 1 });
  const countOf = async (name: string, labels: Readonly<Record<string, string>>): Promise<number> => {
    const metric = await relay?.metrics.registry.getSingleMetric(name)?.get();
    const found = metric?.values.find(({ labels: own }) =>
      Object.entries(labels).every(([label, value]) => Reflect.get(own, label) === value),
    );
    return found?.value ?? 0;
  };

  it("readings over MQTT, are anchored, and the batch's files are in the store", async () => {
    await start();
    for (const reading of readings) await publish(reading);
    await until(
      async () => (await countOf("passport_relay_readings_anchored_total", { status: "sequenced" })) === 250,
      "250 anchored readings",
    );
    expect((await chainOf()).sequence).to.be.greaterThanOrEqual(3n);
  });

  it("a broker that redelivers everything, in any order, is told that all of it is known, and nothing is anchored twice", async () => {
    const anchored = (await chainOf()).sequence;
    for (let sequence = 250; sequence >= 1; sequence--) await publish(readings[sequence - 1]);
    await until(
      async () => (await countOf("passport_relay_readings_received_total", { result: "duplicate" })) === 250,
      "250 duplicates",
    );
    expect(await countOf("passport_relay_readings_received_total", { result: "accepted" })).to.equal(250);
    expect((await chainOf()).sequence).to.equal(anchored);
  });

  it("bad readings, are kept with their reason, and do not stop the others", async () => {
    await publisher.publishAsync("plant/1/motor", "{ not JSON", { qos: 1 });
    await publish(readingOf(motor.productId, 1_000, { value: "NaN" }));
    await publish(readingOf(motor.productId, 1_001, { unit: "K" }));
    await publish(readingOf(motor.productId, 1_002, { time: "1970-01-01T00:00:00Z" }));
    await publish(readingOf(motor.productId, 1_003, { time: "2100-01-01T00:00:00Z" }));
    await publish(readings[249]);
    await publish(readingOf(motor.productId, 250, { value: "9" }));
    await publish(readingOf(`${motor.productId}0`, 1_004));
    await publish(readingOf(motor.productId, 251));
    await until(
      async () => (await countOf("passport_relay_readings_received_total", { result: "accepted" })) === 251,
      "the good reading after the bad ones",
    );
    const file = await readFile(join(suite.folder, `relay-${gateway.address}`, "dead-letters.ndjson"), "utf8");
    const codes = file
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).code);
    expect(codes).to.include.members([
      "malformed",
      "invalid",
      "too-old",
      "in-future",
      "sequence-conflict",
      "sender-not-allowed",
    ]);
  });

  it("a temperature above its limit, is an entry on the passport that names the batch", async () => {
    await publish(readingOf(motor.productId, 252, { value: "131.2" }));
    await publish(last);
    const client = clientOf(suite);
    const entries = async () => (await client.readHistory({ passport: motor.passport })).entries;
    await until(
      async () => (await entries()).some(({ eventType }) => eventTypeName(eventType) === "READINGS"),
      "an entry",
    );
    await until(
      async () => (await countOf("passport_relay_attestations_total", { status: "final" })) === 1,
      "finality",
    );
    const alarms = (await entries()).filter(({ eventType }) => eventTypeName(eventType) === "READINGS");
    expect(alarms).to.have.length(1);
    expect(alarms[0]?.attester).to.equal(gateway.address);
  });

  it("closed and started again, goes on with the next batch and knows what it has taken", async () => {
    await relay?.close();
    const before = (await chainOf()).sequence;
    await start();
    await publish(last);
    await publish(readingOf(motor.productId, 254));
    await until(async () => (await chainOf()).sequence === before + 1n, "the next batch");
    expect(await countOf("passport_relay_readings_received_total", { result: "duplicate" })).to.equal(1);
  });

  it("finality, gives the journal's files free", async () => {
    await until(async () => (await countOf("passport_relay_batches_unanchored", {})) === 0, "finality");
  });
});
