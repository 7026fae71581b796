import { createSocket, type Socket } from "node:dgram";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { defaultTiming, updateTiming } from "coap";
import type { TakeIn } from "../delivery.js";
import { createCoapReceiver } from "./create-coap-receiver.js";
import type { Receiver } from "./receiver.js";

/** A confirmable POST to `/readings`, as RFC 7252 writes it. */
const POST = Buffer.concat([Buffer.from([0x40, 0x02, 0, 1, 0xb8]), Buffer.from("readings"), Buffer.from([0xff, 0x7b])]);
const MORE_THAN_THE_ANSWER_MAY_RIDE_ALONG_MILLISECONDS = 200;

describe("createCoapReceiver", () => {
  let receiver: Receiver;
  let client: Socket;
  let own: Socket | undefined;
  let problems: string[];
  const onSocket = (message: unknown): void => {
    // Safety: that is what Node.js tells on this channel.
    own ??= (message as { readonly socket: Socket }).socket;
  };

  beforeEach(async () => {
    updateTiming({ ackTimeout: 0.01, ackRandomFactor: 1, maxRetransmit: 1, maxLatency: 0.01 });
    problems = [];
    own = undefined;
    const takeIn: TakeIn = async () => {
      await setTimeout(MORE_THAN_THE_ANSWER_MAY_RIDE_ALONG_MILLISECONDS);
      return [[{ status: "accepted" }]];
    };
    subscribe("udp.socket", onSocket);
    receiver = await createCoapReceiver({
      host: "127.0.0.1",
      port: 0,
      retrySeconds: 1,
      takeIn,
      onProblem: (error) => problems.push(String(error)),
    });
    unsubscribe("udp.socket", onSocket);
    client = createSocket("udp4");
  });
  afterEach(async () => {
    client.close();
    await receiver.close();
    defaultTiming();
  });

  const untilProblem = async (): Promise<void> => {
    for (let round = 0; problems.length === 0 && round < 2_000; round += 1) await setTimeout(5);
  };

  it("a sender who never acknowledges his answer, is a problem that is told, and ends nothing", async () => {
    const answered = once(client, "message");
    client.send(POST, Number(new URL(receiver.address).port), "127.0.0.1");
    await answered;
    await untilProblem();
    expect(problems.join()).to.include("No reply");
  });

  it("a datagram that names no port to answer to, is a problem that is told, and ends nothing", async () => {
    own?.emit("message", POST, { address: "127.0.0.1", family: "IPv4", port: 0, size: POST.length });
    await setTimeout(MORE_THAN_THE_ANSWER_MAY_RIDE_ALONG_MILLISECONDS);
    expect(problems).to.deep.equal(["Error: a datagram of 127.0.0.1 names no port to answer to"]);
  });
});
