import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { PassportError } from "@digital-product-passport/sdk";
import { Aedes } from "aedes";
import { expect } from "chai";
import { type Delivery, MAXIMUM_ITEMS, type Outcome } from "../delivery.js";
import { createMqttReceiver, type MqttReceiverOptions } from "./create-mqtt-receiver.js";
import type { Receiver } from "./receiver.js";

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
  let sockets: Socket[];

  beforeEach(async () => {
    calls = [];
    acknowledged = [];
    problems = [];
    sockets = [];
    broker = await Aedes.createBroker();
    broker.on("ack", (packet, client) => {
      if (client?.id === CLIENT && "payload" in packet) acknowledged.push(String(packet.payload));
    });
    server = createServer((socket) => {
      sockets.push(socket);
      broker.handle(socket);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterEach(async () => {
    const closed = receiver.close();
    for (const { take } of calls) take();
    await closed;
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    server.close();
  });

  const connectTo = (changes: Partial<MqttReceiverOptions> = {}): void => {
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
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
      ...changes,
    });
  };
  const open = async (changes: Partial<MqttReceiverOptions> = {}): Promise<void> => {
    const isSubscribed = once(broker, "subscribe");
    connectTo(changes);
    await isSubscribed;
  };
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
    await open();
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
    await open();
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
    await open();
    const messages = Array.from({ length: 20 }, (_, index) => JSON.stringify(Array<number>(600).fill(index)));
    await publish(...messages);
    await until(() => calls.flatMap(textsOf).length === 20 * 600);
    expect(Math.max(...calls.map((call) => textsOf(call).length))).to.be.at.most(MAXIMUM_ITEMS);
  });

  it("a disk without room, has the same handed in again until it is taken, and only then acknowledged", async () => {
    await open();
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
    await open();
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
    await open();
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

  it("more than may be under way, is not read before there is room, in whatever order", async () => {
    await open({ maximumInFlight: 2 });
    await publish(...numbered(20));
    await aMoment();
    expect(calls.flatMap(textsOf).length, "one is read to see that it is too much").to.be.at.most(3);
    for (let taken = 0; taken < calls.length || acknowledged.length < 20; taken += 1) {
      await until(() => taken < calls.length);
      calls[taken]?.take();
      await aMoment();
    }
    expect(acknowledged).to.deep.equal(numbered(20));
  });

  it("messages of which one is of QoS 0, are taken all, and the other is acknowledged", async () => {
    await open();
    broker.publish(
      { cmd: "publish", topic: TOPIC, payload: "once", qos: 0, dup: false, retain: false },
      () => undefined,
    );
    await publish("sure");
    await until(() => calls.flatMap(textsOf).length === 2);
    for (const { take } of calls) take();
    await until(() => acknowledged.length === 1);
    await aMoment();
    expect(acknowledged).to.deep.equal(["sure"]);
  });

  it("a connection that is lost, has its messages acknowledged on the next one only, when they have come again", async () => {
    await open();
    await publish("first");
    await until(() => calls.length === 1);
    const isBack = once(broker, "clientReady");
    sockets[0]?.destroy();
    await isBack;
    calls[0]?.take();
    await until(() => calls.length === 2);
    await aMoment();
    expect(acknowledged, "it came on a connection that is gone").to.deep.equal([]);
    expect(textsOf(calls[1] ?? { deliveries: [] })).to.deep.equal(["first"]);
    calls[1]?.take();
    await until(() => acknowledged.length === 1);
  });

  it("a disk without room and a lost connection, has nobody try any more for what the broker sends again", async () => {
    const full = new PassportError("journal.full", { journal: "readings", problem: "no space" });
    const tried: string[] = [];
    let isFull = true;
    await open({
      maximumInFlight: 1,
      takeIn: async (deliveries) => {
        tried.push(...textsOf({ deliveries }));
        if (isFull) throw full;
        return [];
      },
    });
    await publish("a", "b", "c", "d");
    await until(() => tried.length >= 6);
    for (let lost = 0; lost < 3; lost += 1) {
      const isBack = once(broker, "clientReady");
      sockets.at(-1)?.destroy();
      await isBack;
      await aMoment();
    }
    const before = tried.length;
    await aMoment();
    // Two messages, tried every five milliseconds; those of three former connections would be eight.
    expect(tried.length - before).to.be.lessThan(30);
    isFull = false;
    await until(() => acknowledged.length === 4);
    expect(acknowledged).to.deep.equal(["a", "b", "c", "d"]);
  });

  it("closed while it holds back, ends, and leaves with the broker what it has not taken", async () => {
    await open({ maximumInFlight: 1 });
    await publish(...numbered(10));
    await until(() => calls.length > 0);
    await aMoment();
    const closed = receiver.close();
    for (const { take } of calls) take();
    await closed;
    await aMoment();
    expect(acknowledged.length).to.be.within(1, 2);
    const count = acknowledged.length;
    await open();
    await until(() => calls.flatMap(textsOf).length >= 10);
    expect(calls.flatMap(textsOf).slice(count)).to.include.members(numbered(10).slice(count));
  });

  it("closed while the broker owes it an answer, or is gone, ends all the same", async () => {
    broker.authorizeSubscribe = () => undefined;
    const isThere = once(broker, "clientReady");
    connectTo();
    await isThere;
    await aMoment();
    await receiver.close();
    connectTo();
    await until(() => sockets.length === 2);
    await aMoment();
    server.close();
    for (const socket of sockets) socket.destroy();
    await aMoment();
    await receiver.close();
  });
});
