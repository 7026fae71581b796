import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { PassportError } from "@digital-product-passport/sdk";
import { Aedes } from "aedes";
import { expect } from "chai";
import type { Delivery, Outcome } from "../delivery.js";
import { createMqttReceiver } from "./create-mqtt-receiver.js";
import type { Receiver } from "./receiver.js";
import { MAXIMUM_ITEMS } from "./split-body.js";

const CLIENT = "relay";
const TOPIC = "plant/readings";

/** What the receiver has handed in, and how it is answered. */
interface Call {
  readonly deliveries: readonly Delivery[];
  readonly take: () => void;
  readonly refuse: (error: unknown) => void;
}

const textsOf = ({ deliveries }: Pick<Call, "deliveries">): readonly string[] =>
  deliveries.flatMap(({ items }) => items.map((item) => Buffer.from(item).toString()));

describe("createMqttReceiver", () => {
  let broker: Aedes;
  let server: Server;
  let receiver: Receiver;
  let calls: Call[];
  let acknowledged: string[];
  let problems: unknown[];

  beforeEach(async () => {
    calls = [];
    acknowledged = [];
    problems = [];
    broker = await Aedes.createBroker();
    broker.on("ack", (packet, client) => {
      if (client?.id === CLIENT && "payload" in packet) acknowledged.push(String(packet.payload));
    });
    server = createServer(broker.handle).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const isSubscribed = once(broker, "subscribe");
    receiver = createMqttReceiver({
      url: `mqtt://127.0.0.1:${port}`,
      protocolVersion: 4,
      clientId: CLIENT,
      topics: [{ filter: TOPIC, sender: { name: "plant", products: [] } }],
      maximumInFlight: 1_000,
      sessionExpirySeconds: 60,
      retryMilliseconds: 5,
      onProblem: (error) => problems.push(error),
      onFailure: (error) => problems.push(error),
      takeIn: (deliveries) =>
        new Promise<readonly (readonly Outcome[])[]>((resolve, reject) => {
          calls.push({ deliveries, take: () => resolve([]), refuse: reject });
        }),
    });
    await isSubscribed;
  });
  afterEach(async () => {
    const closed = receiver.close();
    for (const { take } of calls) take();
    await closed;
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    server.close();
  });

  const publish = async (...payloads: readonly string[]): Promise<void> => {
    const packets = payloads.map((payload) => ({ cmd: "publish", topic: TOPIC, payload, qos: 1 }) as const);
    const published = packets.map(
      (packet) =>
        new Promise<void>((resolve, reject) => {
          broker.publish({ ...packet, dup: false, retain: false }, (error) => (error ? reject(error) : resolve()));
        }),
    );
    await Promise.all(published);
  };
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  /** Enough for an acknowledgement to arrive, if there was one. */
  const aMoment = async (): Promise<void> => await new Promise((resolve) => setTimeout(resolve, 50));
  const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `{"n":${index}}`);

  it("messages that come at the same time, are handed in together, in their order, and acknowledged when taken", async () => {
    const messages = numbered(200);
    await publish(...messages);
    await until(() => calls.flatMap(textsOf).length === messages.length);
    expect(calls.flatMap(textsOf)).to.deep.equal(messages);
    expect(calls.length).to.be.lessThan(messages.length / 4);
    await aMoment();
    expect(acknowledged).to.deep.equal([]);
    for (const { take } of calls) take();
    await until(() => acknowledged.length === messages.length);
    expect(acknowledged).to.deep.equal(messages);
  });

  it("a message that takes long, has later ones acknowledged after it, though they were taken before", async () => {
    await publish("first");
    await until(() => calls.length === 1);
    await publish("second", "third");
    await until(() => calls.flatMap(textsOf).length === 3);
    for (const { take } of calls.slice(1)) take();
    await aMoment();
    expect(acknowledged).to.deep.equal([]);
    calls[0]?.take();
    await until(() => acknowledged.length === 3);
    expect(acknowledged).to.deep.equal(["first", "second", "third"]);
  });

  it("messages of many readings, are handed in no more at a time than one message may have", async () => {
    const messages = Array.from({ length: 20 }, (_, index) => JSON.stringify(Array<number>(600).fill(index)));
    await publish(...messages);
    await until(() => calls.flatMap(textsOf).length === 20 * 600);
    expect(Math.max(...calls.map((call) => textsOf(call).length))).to.be.at.most(MAXIMUM_ITEMS);
  });

  it("a disk without room, has the same handed in again until it is taken, and only then acknowledged", async () => {
    await publish("kept");
    await until(() => calls.length === 1);
    calls[0]?.refuse(new PassportError("journal.full", { journal: "readings", problem: "no space" }));
    await until(() => calls.length === 2);
    expect(calls.map(textsOf)).to.deep.equal([["kept"], ["kept"]]);
    expect(problems).to.have.length(1);
    expect(acknowledged).to.deep.equal([]);
    calls[1]?.take();
    await until(() => acknowledged.length === 1);
  });

  it("what no retry can mend, is told, and never acknowledged; what comes after it is", async () => {
    const cause = new PassportError("journal.unusable", { journal: "readings", problem: "it is read-only" });
    await publish("lost");
    await until(() => calls.length === 1);
    calls[0]?.refuse(cause);
    await until(() => problems.length === 1);
    expect(problems).to.deep.equal([cause]);
    await publish("good");
    await until(() => calls.length === 2);
    calls[1]?.take();
    await until(() => acknowledged.length === 1);
    expect(acknowledged).to.deep.equal(["good"]);
  });

  it("closed, waits for what is on its way to the disk, and acknowledges it", async () => {
    await publish("last");
    await until(() => calls.length === 1);
    let isClosed = false;
    const closed = receiver.close().then(() => {
      isClosed = true;
    });
    await aMoment();
    expect(isClosed).to.equal(false);
    calls[0]?.take();
    await closed;
    await until(() => acknowledged.length === 1);
  });
});
