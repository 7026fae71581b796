import { isPassportError } from "@digital-product-passport/sdk";
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import type { Delivery, Sender, TakeIn } from "../delivery.js";
import { pause } from "../pause.js";
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

/** A message on its way to the disk. */
interface Message {
  readonly packet: IPublishPacket;
  /** The connection on which it came. */
  readonly stream: MqttClient["stream"];
  state: "under way" | "taken" | "given up";
}

/** One for all: an error for each message would collect the stack each time. */
const ACKNOWLEDGED_LATER = new Error("It is acknowledged later.");

/** PUBACK is these two bytes and the packet's number, in MQTT 3.1.1 and, for success, in MQTT 5. */
const PUBACK = 0x40;
const PUBACK_LENGTH = 2;

/**
 * Becomes client of a broker, with a session that outlives the connection. Many messages are under way to the disk at the
 * same time; each is acknowledged when it is durable, in the order in which they came, on the connection on which it came.
 *
 * @param options - broker, topics
 * @returns the receiver; a broker that is away is waited for
 */
export function createMqttReceiver(options: MqttReceiverOptions): Receiver {
  const { url, topics, maximumInFlight, onProblem, retryMilliseconds } = options;
  const abort = new AbortController();
  let problem: string | undefined = "not connected yet";
  const senders = new Map<string, Sender>();
  /** Messages that are not acknowledged yet, in the order in which they came. */
  const inFlight: Message[] = [];
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
  const takeUntilDurable = async (delivery: Delivery): Promise<void> => {
    for (;;) {
      try {
        await options.takeIn(delivery);
        return;
      } catch (error) {
        // What was not durable was not acknowledged, and comes again.
        if (!isNotNow(error) || abort.signal.aborted) throw error;
        onProblem(error);
        await pause(retryMilliseconds, abort.signal);
      }
    }
  };
  /** What has come to the disk at the same time is acknowledged in one write. */
  const acknowledge = (messages: readonly Message[]): void => {
    const { stream } = client;
    // On a new connection the broker sends what was not acknowledged on the old one once more.
    const good = messages.filter((message) => message.state === "taken" && message.stream === stream);
    if (good.length > 0 && !stream.destroyed) stream.write(Buffer.concat(good.map(({ packet }) => pubackOf(packet))));
  };
  const settle = (): void => {
    const open = inFlight.findIndex(({ state }) => state === "under way");
    const settled = inFlight.splice(0, open === -1 ? inFlight.length : open);
    acknowledge(settled.filter(({ packet }) => packet.qos === 1));
    if (inFlight.length === 0) onEmpty();
    const next = held;
    if (abort.signal.aborted || inFlight.length >= maximumInFlight) return;
    held = undefined;
    next?.();
  };
  let isSettling = false;
  const settleSoon = (): void => {
    if (isSettling) return;
    isSettling = true;
    process.nextTick(() => {
      isSettling = false;
      settle();
    });
  };

  // mqtt.js acknowledges what its handler has no error for, one after the other. The "error" lets it read on; the
  // acknowledgement follows when the disk has the message.
  client.handleMessage = (packet, next) => {
    if (abort.signal.aborted) return;
    const message: Message = { packet, stream: client.stream, state: "under way" };
    inFlight.push(message);
    takeUntilDurable(deliveryOf(packet))
      .then(
        () => {
          message.state = "taken";
        },
        (error: unknown) => {
          message.state = "given up";
          if (!abort.signal.aborted) options.onFailure(error);
        },
      )
      .finally(settleSoon);
    const readOn = (): void => next(ACKNOWLEDGED_LATER);
    if (inFlight.length < maximumInFlight) readOn();
    else held = readOn;
  };

  return {
    name: "mqtt",
    address: new URL(url).host,
    problem: () => problem,
    close: async () => {
      abort.abort();
      if (inFlight.length > 0) {
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
