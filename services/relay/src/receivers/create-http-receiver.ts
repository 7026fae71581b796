import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import { isPassportError } from "@digital-product-passport/sdk";
import fastify, { type FastifyReply, type FastifyRequest } from "fastify";
import {
  type Delivery,
  isTaken,
  MAXIMUM_ITEMS,
  type Outcome,
  outcomesOf,
  type Sender,
  type TakeIn,
} from "../delivery.js";
import type { Receiver } from "./receiver.js";
import { splitBody } from "./split-body.js";

/** A sender, and how he shows who he is. */
export interface HttpSender {
  readonly sender: Sender;
  /** sha2-256 of his bearer token, in hex: a configuration that is seen by others gives nothing away. */
  readonly tokenSha256?: string | undefined;
  /** sha2-256 fingerprint of his certificate, in hex with colons as `openssl x509 -fingerprint -sha256` prints it. */
  readonly certificateFingerprint?: string | undefined;
}

/** Where readings are posted. */
export interface HttpReceiverOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** PEM texts: the relay's certificate and key, and who may vouch for senders' certificates. */
  readonly tls?:
    | { readonly certificate: string; readonly key: string; readonly clientAuthority?: string | undefined }
    | undefined;
  readonly senders: readonly HttpSender[];
  readonly takeIn: TakeIn;
  /** Largest body, in bytes. */
  readonly maximumBodyBytes: number;
  /** Most requests of one sender at the same time. */
  readonly maximumRequests: number;
  /** What a sender is told to wait before he comes again, in seconds. */
  readonly retrySeconds: number;
}

/** Longest time for a request to arrive, in milliseconds: a sender who trickles holds a connection no longer. */
const REQUEST_MILLISECONDS = 30_000;
/** How long those who are being answered are waited for at the end. */
const CLOSING_MILLISECONDS = 10_000;
const TICK_MILLISECONDS = 20;

/**
 * Listens for readings that are posted to `/readings`: one, a JSON array of them, or NDJSON. Each is answered for itself;
 * what is answered as accepted is durable.
 *
 * @param options - address, senders
 * @returns the receiver, listening
 */
export async function createHttpReceiver(options: HttpReceiverOptions): Promise<Receiver> {
  const { host, port, takeIn, retrySeconds, maximumBodyBytes, maximumRequests } = options;
  const app = fastify({
    bodyLimit: maximumBodyBytes,
    requestTimeout: REQUEST_MILLISECONDS,
    forceCloseConnections: true,
    ...httpsOf(options),
  });
  const byToken = new Map(options.senders.map(({ sender, tokenSha256 }) => [tokenSha256?.toLowerCase(), sender]));
  const byCertificate = new Map(
    options.senders.map(({ sender, certificateFingerprint }) => [certificateFingerprint?.toUpperCase(), sender]),
  );
  const running = new Map<string, number>();
  let isClosing = false;

  const findSender = (request: FastifyRequest): Sender | undefined => {
    const [, token] = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const known = token === undefined ? undefined : byToken.get(createHash("sha256").update(token).digest("hex"));
    return known ?? findByCertificate(request, byCertificate);
  };
  /** With at most so many requests of one sender at a time, nobody fills the queue alone. */
  const inTurn = async (sender: Sender, reply: FastifyReply, task: () => Promise<FastifyReply>) => {
    if (isClosing) return later(reply, 503, "The relay is ending.");
    const others = running.get(sender.name) ?? 0;
    if (others >= maximumRequests) return later(reply, 429, "Other requests of this sender are under way.");
    running.set(sender.name, others + 1);
    try {
      return await task();
    } finally {
      running.set(sender.name, (running.get(sender.name) ?? 1) - 1);
    }
  };
  const later = (reply: FastifyReply, status: 429 | 503, problem: string): FastifyReply =>
    reply.code(status).header("retry-after", String(retrySeconds)).send({ error: problem });
  const take = async (delivery: Delivery, reply: FastifyReply): Promise<FastifyReply> => {
    try {
      const outcomes = outcomesOf(await takeIn([delivery]));
      return reply.code(statusOf(outcomes)).send({ results: outcomes.map(answerOf) });
    } catch (error) {
      if (isPassportError(error)) return later(reply, 503, error.message);
      throw error;
    }
  };

  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  const known = new WeakMap<FastifyRequest, Sender>();
  /** Before the body: of strangers nothing is kept in memory. */
  const requireSender = async (request: FastifyRequest, reply: FastifyReply) => {
    const sender = findSender(request);
    if (sender !== undefined) known.set(request, sender);
    else await reply.code(401).header("www-authenticate", "Bearer").send({ error: "The sender is not known." });
  };
  app.post("/readings", { onRequest: requireSender }, async (request, reply) => {
    const sender = known.get(request);
    if (sender === undefined) throw new RangeError("whoever is not known was sent away");
    const items = itemsOf(request);
    if (items === undefined) return reply.code(413).send({ error: `There are more than ${MAXIMUM_ITEMS} readings.` });
    if (items.length === 0) return reply.code(400).send({ error: "There is no reading." });
    return await inTurn(sender, reply, () => take({ transport: "http", sender, source: request.ip, items }, reply));
  });
  const address = await app.listen({ host, port });
  return {
    name: "http",
    address,
    problem: () => undefined,
    close: async () => {
      isClosing = true;
      // Whoever is waiting for the disk hears of it; whoever merely holds a connection does not hold up the end.
      const end = performance.now() + CLOSING_MILLISECONDS;
      while ([...running.values()].some((count) => count > 0) && performance.now() < end)
        await setTimeout(TICK_MILLISECONDS);
      await app.close();
    },
  };
}

function itemsOf({ body, headers }: FastifyRequest): readonly Uint8Array[] | undefined {
  const isNdjson = /^application\/(?:x-)?ndjson\b/i.test(headers["content-type"] ?? "");
  return Buffer.isBuffer(body) ? splitBody(body, { isNdjson }) : [];
}

function httpsOf({ tls }: HttpReceiverOptions) {
  if (tls === undefined) return {};
  const { certificate: cert, key, clientAuthority } = tls;
  if (clientAuthority === undefined) return { https: { cert, key } };
  // Who comes without a certificate may still have a token.
  return { https: { cert, key, ca: clientAuthority, requestCert: true, rejectUnauthorized: false } };
}

function findByCertificate(
  { raw }: FastifyRequest,
  senders: ReadonlyMap<string | undefined, Sender>,
): Sender | undefined {
  if (!(raw.socket instanceof TLSSocket) || !raw.socket.authorized) return undefined;
  const { fingerprint256 } = raw.socket.getPeerCertificate();
  return fingerprint256 === undefined ? undefined : senders.get(fingerprint256.toUpperCase());
}

/** 200: all are in good hands; 422: none is; 207: look at each. */
function statusOf(outcomes: readonly Outcome[]): 200 | 207 | 422 {
  const taken = outcomes.filter(isTaken).length;
  if (taken === outcomes.length) return 200;
  return taken === 0 ? 422 : 207;
}

function answerOf(outcome: Outcome, index: number) {
  return { index, ...outcome };
}
