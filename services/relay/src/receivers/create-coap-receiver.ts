import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { isPassportError } from "@digital-product-passport/sdk";
import { createServer, type IncomingMessage, type OutgoingMessage } from "coap";
import { isTaken, type Outcome, outcomesOf, type TakeIn } from "../delivery.js";
import type { Receiver } from "./receiver.js";

/** Where readings are posted. */
export interface CoapReceiverOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly takeIn: TakeIn;
  /** What a sender is told to wait before he comes again, in seconds. */
  readonly retrySeconds: number;
  readonly onProblem: (error: unknown) => void;
}

/** One datagram that no network has to take apart (RFC 7252, section 4.6). */
const MAXIMUM_PAYLOAD_BYTES = 1_024;
/** How long those who are being answered are waited for at the end. */
const CLOSING_MILLISECONDS = 5_000;
const POLL_MILLISECONDS = 20;

/**
 * Listens for readings that are posted to `/readings`, one in a datagram. There is no DTLS: who sends it, nobody knows, so
 * each reading must carry its sensor's signature.
 *
 * @param options - address
 * @returns the receiver, listening
 */
export async function createCoapReceiver(options: CoapReceiverOptions): Promise<Receiver> {
  const { host, port, onProblem } = options;
  const type = host.includes(":") ? "udp6" : "udp4";
  // A socket of our own says which port it was given.
  const socket = createSocket({ type, reuseAddr: false });
  socket.bind(port, host);
  await once(socket, "listening");
  const server = createServer({ type });
  let answering = 0;
  server.on("request", (request: IncomingMessage, response: OutgoingMessage) => {
    answering += 1;
    // Who is gone does not acknowledge his answer, and a network that is down does not take it: that must end nothing else.
    response.on("error", onProblem);
    answer(request, response, options)
      .catch((error: unknown) => {
        onProblem(error);
        end(response, "5.00", "It could not be found out.");
      })
      .finally(() => {
        answering -= 1;
      });
  });
  server.on("error", onProblem);
  server.listen(socket);
  dropUnanswerable(socket, onProblem);
  return {
    name: "coap",
    address: `coap://${type === "udp6" ? `[${host}]` : host}:${socket.address().port}`,
    problem: () => undefined,
    close: async () => {
      const end = Date.now() + CLOSING_MILLISECONDS;
      while (answering > 0 && Date.now() < end) await setTimeout(POLL_MILLISECONDS);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      socket.close();
    },
  };
}

/** Nobody can be answered at port 0: the library tries, and what that throws would end the process. */
function dropUnanswerable(socket: Socket, onProblem: (error: unknown) => void): void {
  const listeners = socket.listeners("message");
  socket.removeAllListeners("message");
  socket.on("message", (bytes, from) => {
    if (from.port === 0) onProblem(new Error(`a datagram of ${from.address} names no port to answer to`));
    else for (const listener of listeners) listener.call(socket, bytes, from);
  });
}

async function answer(
  request: IncomingMessage,
  response: OutgoingMessage,
  { takeIn, retrySeconds }: CoapReceiverOptions,
): Promise<void> {
  const path = request.url.split("?")[0];
  if (path !== "/readings") return end(response, "4.04", "Readings are posted to /readings.");
  if (request.method !== "POST") return end(response, "4.05", "Readings are posted.");
  if (request.payload.length > MAXIMUM_PAYLOAD_BYTES) return end(response, "4.13", "One reading in one datagram.");
  const source = `${request.rsinfo.address}:${request.rsinfo.port}`;
  try {
    const delivery = { transport: "coap", sender: undefined, source, items: [request.payload] } as const;
    for (const outcome of outcomesOf(await takeIn([delivery]))) answerWith(response, outcome);
  } catch (error) {
    if (!isPassportError(error)) throw error;
    response.setOption("Max-Age", retrySeconds);
    end(response, "5.03", error.message);
  }
}

function answerWith(response: OutgoingMessage, outcome: Outcome): void {
  if (isTaken(outcome)) end(response, "2.04", outcome.status);
  else end(response, "4.00", JSON.stringify(outcome));
}

function end(response: OutgoingMessage, code: string, text: string): void {
  response.code = code;
  response.end(text);
}
