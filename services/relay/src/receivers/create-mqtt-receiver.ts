import { isPassportError } from "@digital-product-passport/sdk";
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import type { Delivery, Sender, TakeIn } from "../delivery.js";
import { pause } from "../pause.js";
import { matchesTopic } from "./matches-topic.js";
import type { Receiver } from "./receiver.js";
import { MAXIMUM_ITEMS, splitBody } from "./split-body.js";

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
  /** Most messages that are taken from the broker and not yet acknowledged. */
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

/** Messages that came at the same time, on their way to the disk. */
interface Group {
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
 * together, and many such groups are under way; each message is acknowledged when it is durable, in the order in which they
 * came, on the connection on which it came.
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
  const groups: Group[] = [];
  let inFlight = 0;
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
  const takeUntilDurable = async (deliveries: readonly Delivery[]): Promise<void> => {
    for (;;) {
      try {
        await options.takeIn(deliveries);
        return;
      } catch (error) {
        // What was not durable was not acknowledged, and comes again.
        if (!isNotNow(error) || abort.signal.aborted) throw error;
        onProblem(error);
        await pause(retryMilliseconds, abort.signal);
      }
    }
  };
  /** In one write. On a new connection the broker sends what was not acknowledged on the old one once more. */
  const acknowledge = (settled: readonly Group[]): void => {
    const { stream } = client;
    const good = settled.filter((group) => group.state === "taken" && group.stream === stream);
    const packets = good.flatMap((group) => group.packets.filter(({ qos }) => qos === 1));
    if (packets.length > 0 && !stream.destroyed) stream.write(Buffer.concat(packets.map(pubackOf)));
  };
  const settle = (): void => {
    const open = groups.findIndex(({ state }) => state === "under way");
    const settled = groups.splice(0, open === -1 ? groups.length : open);
    acknowledge(settled);
    inFlight -= settled.reduce((sum, { packets }) => sum + packets.length, 0);
    if (inFlight === 0) onEmpty();
    const next = held;
    if (abort.signal.aborted || inFlight >= maximumInFlight) return;
    held = undefined;
    next?.();
  };
  const take = async (group: Group): Promise<void> => {
    try {
      await takeUntilDurable(group.deliveries);
      group.state = "taken";
    } catch (error) {
      group.state = "given up";
      if (!abort.signal.aborted) options.onFailure(error);
    }
    settle();
  };
  let gathering: Group | undefined;
  const groupFor = (items: number): Group => {
    if (gathering?.stream === client.stream && gathering.items + items <= MAXIMUM_ITEMS) return gathering;
    const group: Group = { packets: [], deliveries: [], items: 0, stream: client.stream, state: "under way" };
    groups.push(group);
    gathering = group;
    // Until then, everything that has come is here.
    setImmediate(() => {
      if (gathering === group) gathering = undefined;
      void take(group);
    });
    return group;
  };

  // mqtt.js acknowledges what its handler has no error for, one after the other. The "error" lets it read on; the
  // acknowledgement follows when the disk has the message.
  client.handleMessage = (packet, next) => {
    if (abort.signal.aborted) return;
    const delivery = deliveryOf(packet);
    const group = groupFor(delivery.items.length);
    group.packets.push(packet);
    group.deliveries.push(delivery);
    group.items += delivery.items.length;
    inFlight += 1;
    const readOn = (): void => next(ACKNOWLEDGED_LATER);
    if (inFlight < maximumInFlight) readOn();
    else held = readOn;
  };

  return {
    name: "mqtt",
    address: new URL(url).host,
    problem: () => problem,
    close: async () => {
      abort.abort();
      if (inFlight > 0) {
        await new Promise<void>((resolve) => {
          onEmpty = resolve;
        });
      }
      await client.endAsync();
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
