import { isPassportError } from "@digital-product-passport/sdk";
import { sleep } from "@digital-product-passport/sdk/node";
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import { type Delivery, MAXIMUM_ITEMS, type Sender, type TakeIn } from "../delivery.js";
import { matchesTopic } from "./matches-topic.js";
import type { Receiver } from "./receiver.js";
import { splitBody } from "./split-body.js";

/** A topic, and who is allowed to publish there: the broker's access list is what the relay relies on. */
export interface TopicBinding {
  /** Filter of MQTT, with `+` and `#`. */
  readonly filter: string;
  readonly sender: Sender;
}

/** Which broker, and what comes from it. */
export interface MqttReceiverOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string;
  /** 4 is MQTT 3.1.1. */
  readonly protocolVersion: 4 | 5;
  /** The broker keeps what comes while the relay is away for this name. */
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** PEM texts: who may vouch for the broker, and the relay's own certificate. */
  readonly tls?:
    | {
        readonly authority?: string | undefined;
        readonly certificate?: string | undefined;
        readonly key?: string | undefined;
      }
    | undefined;
  readonly topics: readonly TopicBinding[];
  readonly takeIn: TakeIn;
  /** Most messages that are on their way to the disk; the relay reads on when there is room. MQTT 5 brokers send no more. */
  readonly maximumInFlight: number;
  /** How long an MQTT 5 broker keeps the session of an absent relay, in seconds. */
  readonly sessionExpirySeconds: number;
  /** Time between two attempts to reach the broker, or to write to a disk without room, in milliseconds. */
  readonly retryMilliseconds: number;
  readonly onProblem: (error: unknown) => void;
  /** Told of what no retry can mend. */
  readonly onFailure: (error: unknown) => void;
}

/** Nobody is known to publish here. */
const NOBODY: Sender = { name: "(no sender of this topic)", products: [] };

/** Topics whose sender is kept in mind. */
const MAXIMUM_TOPICS = 10_000;
/** Readings on their way to the disk: each message may have many. */
const MAXIMUM_ITEMS_IN_FLIGHT = 20 * MAXIMUM_ITEMS;
/** No reading that could be taken comes in a larger message; an MQTT 5 broker does not even send it. */
const MAXIMUM_PACKET_BYTES = 8 << 20;
/** How long the broker is waited for at the end. */
const CLOSING_MILLISECONDS = 1_000;

/** Messages that came at the same time, on their way to the disk. */
interface Burst {
  readonly packets: IPublishPacket[];
  readonly deliveries: Delivery[];
  items: number;
  /** The connection on which they came. */
  readonly stream: MqttClient["stream"];
  state: "under way" | "taken" | "given up";
}

/** One for all: an error for each message would collect the stack each time. */
const ACKNOWLEDGED_LATER = new Error("It is acknowledged later.");

/** PUBACK is these two bytes and the packet's number, in MQTT 3.1.1 and, for success, in MQTT 5. */
const PUBACK = 0x40;
const PUBACK_LENGTH = 2;

/**
 * Becomes client of a broker, with a session that outlives the connection. What comes at the same time goes to the disk
 * together, and many such bursts are under way; each message is acknowledged when it is durable, in the order in which they
 * came, on the connection on which it came. What no retry can mend is told and left without acknowledgement: the broker keeps
 * it for the next connection.
 *
 * @param options - broker, topics
 * @returns the receiver; a broker that is away is waited for
 */
export function createMqttReceiver(options: MqttReceiverOptions): Receiver {
  const { url, topics, maximumInFlight, onProblem, retryMilliseconds } = options;
  const abort = new AbortController();
  let problem: string | undefined = "not connected yet";
  const senders = new Map<string, Sender>();
  /** What is not acknowledged yet, in the order in which it came. */
  const bursts: Burst[] = [];
  const inFlight = { messages: 0, items: 0 };
  let held: (() => void) | undefined;
  let onEmpty: () => void = () => undefined;
  const client = connect(url, connectOptions(options));

  const fail = (error: unknown): void => {
    problem = error instanceof Error ? error.message : String(error);
    onProblem(error);
  };
  client.on("error", fail);
  client.on("close", () => {
    problem ??= "the connection to the broker was lost";
  });
  client.on("connect", () => {
    subscribe(client, topics).then(() => {
      problem = undefined;
    }, fail);
  });

  const senderOf = (topic: string): Sender => {
    const known = senders.get(topic);
    if (known !== undefined) return known;
    const sender = topics.find(({ filter }) => matchesTopic(filter, topic))?.sender ?? NOBODY;
    if (senders.size >= MAXIMUM_TOPICS) senders.clear();
    senders.set(topic, sender);
    return sender;
  };
  const deliveryOf = ({ topic, payload }: IPublishPacket): Delivery => {
    const body = typeof payload === "string" ? Buffer.from(payload) : payload;
    return { transport: "mqtt", sender: senderOf(topic), source: topic, items: splitBody(body) ?? [body] };
  };
  /** On the next connection, the broker sends everything once more that was not acknowledged on this one. */
  const isWaitedFor = ({ stream }: Burst): boolean =>
    !abort.signal.aborted && stream === client.stream && !stream.destroyed;
  const takeUntilDurable = async (burst: Burst): Promise<Burst["state"]> => {
    do {
      try {
        await options.takeIn(burst.deliveries);
        return "taken";
      } catch (error) {
        if (!isNotNow(error)) throw error;
        onProblem(error);
        await sleep(retryMilliseconds, abort.signal);
      }
    } while (isWaitedFor(burst));
    return "given up";
  };
  /** In one write. */
  const acknowledge = (settled: readonly Burst[]): void => {
    const { stream } = client;
    const good = settled.filter((burst) => burst.state === "taken" && burst.stream === stream);
    const packets = good.flatMap((burst) => burst.packets.filter(({ qos }) => qos === 1));
    if (packets.length > 0 && !stream.destroyed) stream.write(Buffer.concat(packets.map(pubackOf)));
  };
  const isFull = (): boolean => inFlight.messages > maximumInFlight || inFlight.items > MAXIMUM_ITEMS_IN_FLIGHT;
  const readOn = (): void => {
    const next = held;
    held = undefined;
    next?.();
  };
  const settle = (): void => {
    const open = bursts.findIndex(({ state }) => state === "under way");
    const settled = bursts.splice(0, open === -1 ? bursts.length : open);
    acknowledge(settled);
    for (const { packets, items } of settled) {
      inFlight.messages -= packets.length;
      inFlight.items -= items;
    }
    if (bursts.length === 0) onEmpty();
    if (!isFull()) readOn();
  };
  const take = async (burst: Burst): Promise<void> => {
    try {
      burst.state = await takeUntilDurable(burst);
    } catch (error) {
      burst.state = "given up";
      options.onFailure(error);
    }
    settle();
  };
  let gathering: Burst | undefined;
  const burstFor = (items: number): Burst => {
    if (gathering?.stream === client.stream && gathering.items + items <= MAXIMUM_ITEMS) return gathering;
    const burst: Burst = { packets: [], deliveries: [], items: 0, stream: client.stream, state: "under way" };
    bursts.push(burst);
    gathering = burst;
    // Until then, everything that has come is here.
    setImmediate(() => {
      if (gathering === burst) gathering = undefined;
      void take(burst);
    });
    return burst;
  };
  const gather = (packet: IPublishPacket): void => {
    const delivery = deliveryOf(packet);
    const items = delivery.items.length;
    const burst = burstFor(items);
    burst.packets.push(packet);
    burst.deliveries.push(delivery);
    burst.items += items;
    inFlight.messages += 1;
    inFlight.items += items;
  };

  // mqtt.js acknowledges what its handler has no error for, one after the other. The "error" lets it read on; the
  // acknowledgement follows when the disk has the message. While closing, it reads on for what is no message.
  client.handleMessage = (packet, next) => {
    if (!abort.signal.aborted) gather(packet);
    held = () => next(ACKNOWLEDGED_LATER);
    if (abort.signal.aborted || !isFull()) readOn();
  };

  return {
    name: "mqtt",
    address: new URL(url).host,
    problem: () => problem,
    close: async () => {
      abort.abort();
      readOn();
      if (bursts.length > 0) {
        await new Promise<void>((resolve) => {
          onEmpty = resolve;
        });
      }
      // mqtt.js waits for answers of a broker that may be gone.
      const enough = new AbortController();
      await Promise.race([client.endAsync(), sleep(CLOSING_MILLISECONDS, enough.signal)]);
      enough.abort();
      client.stream.destroy();
    },
  };
}

function connectOptions(options: MqttReceiverOptions): IClientOptions {
  const { clientId, protocolVersion, username, password, tls, maximumInFlight } = options;
  return {
    clientId,
    protocolVersion,
    clean: false,
    resubscribe: false,
    reconnectPeriod: options.retryMilliseconds,
    reconnectOnConnackError: true,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls?.authority === undefined ? {} : { ca: tls.authority }),
    ...(tls?.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls?.key === undefined ? {} : { key: tls.key }),
    ...(protocolVersion === 5
      ? {
          properties: {
            sessionExpiryInterval: options.sessionExpirySeconds,
            receiveMaximum: Math.min(maximumInFlight, 65_535),
            maximumPacketSize: MAXIMUM_PACKET_BYTES,
          },
        }
      : {}),
  };
}

async function subscribe(client: MqttClient, topics: readonly TopicBinding[]): Promise<void> {
  if (topics.length === 0) return;
  const filters = topics.map(({ filter }) => filter);
  const granted = await client.subscribeAsync(filters, { qos: 1 });
  const refused = granted.filter(({ qos }) => qos !== 1).map(({ topic }) => topic);
  if (refused.length > 0) throw new Error(`the broker does not let the relay subscribe to ${refused.join(", ")}`);
}

function pubackOf({ messageId = 0 }: IPublishPacket): Buffer {
  return Buffer.from([PUBACK, PUBACK_LENGTH, messageId >> 8, messageId & 0xff]);
}

function isNotNow(error: unknown): boolean {
  return isPassportError(error, "journal.full") || isPassportError(error, "relay.overloaded");
}
