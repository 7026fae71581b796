import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { connectChain, createRelay, type Relay } from "@digital-product-passport/relay";
import {
  type Address,
  type Attester,
  eventTypeName,
  p256Attester,
  p256Key,
  readDocument,
  type VerdictStatus,
} from "@digital-product-passport/sdk";
import {
  type ProductReadings,
  proveReading,
  type ReadingProof,
  readGatewayPosition,
  readReadings,
  signPairing,
  type VerifiedReading,
  verifyReading,
} from "@digital-product-passport/sdk/readings";
import { Aedes } from "aedes";
import { hexlify, randomBytes } from "ethers";
import { connectAsync } from "mqtt";
import { pino } from "pino";
import { z } from "zod";
import { NO_END } from "../lib/participants.js";
import type { Motor } from "./issue-motors.js";
import { readSeries } from "./replay-series.js";
import type { Stage } from "./set-stage.js";

/** A motor, and the series that its sensor plays. */
interface Part {
  readonly motor: Motor;
  readonly series: string;
  readonly sensor: string;
  /** Number of a reading that is lost on its way; undefined: none is. */
  readonly lost?: number;
}

/** What one question about a reading was answered with. */
export interface ReadingCheck {
  readonly question: string;
  readonly status: VerdictStatus;
  readonly code: string;
  readonly reason: string;
}

/** Two days of a real sensor, from a broker to a proof. */
export interface PlayedReadings {
  readonly gateway: Address;
  /** Of both motors: readings that were published. */
  readonly published: number;
  readonly motors: readonly (Pick<ProductReadings, "series" | "gaps"> & {
    readonly productId: string;
    /** Of the alarm entries in the passport. */
    readonly alarms: readonly string[];
    readonly values: readonly { readonly time: number; readonly value: number; readonly isAfterGap: boolean }[];
  })[];
  readonly batches: number;
  /** The first reading above the limit, its proof verified by somebody else. */
  readonly proven: ReadingProof["reading"];
  readonly checks: readonly ReadingCheck[];
  /** The same proof with one digit changed. */
  readonly forged: { readonly value: string; readonly checks: readonly ReadingCheck[] };
}

/** Of the winding, in the unit that is assumed for the series. */
export const ALARM_LIMIT = "100";

/** What somebody would like the hot motor to have said. */
const FORGED_VALUE = "99.900";
const TOPIC = "plant/readings";
const QUANTITY = "winding-temperature";

/**
 * Plays the readings of two motors through an MQTT broker and a relay onto the chain, and proves one of them.
 *
 * @param stage - with the contracts
 * @param motors - whose passports were just issued
 * @returns what came of it, as somebody finds it who asks chain and store
 * @throws PassportError `chain.*`, `store.*`, `relay.*`
 */
export async function playReadings(
  stage: Stage,
  { hot, normal }: { readonly hot: Motor; readonly normal: Motor },
): Promise<PlayedReadings> {
  const parts: readonly Part[] = [
    { motor: hot, series: "machine-temperature-hot", sensor: "winding-hot" },
    { motor: normal, series: "machine-temperature-normal", sensor: "winding-normal", lost: 100 },
  ];
  const gateway = p256Attester(p256Key(hexlify(randomBytes(32))), {
    verifier: stage.addressBook.contracts.p256Verifier.address,
  });
  for (const part of parts) await pair(stage, { ...part, gateway });
  const published = await publishAndAnchor(stage, { parts, gateway });
  return await readBack(stage, { parts, gateway: gateway.address, published });
}

/** The technician fits the gateway: the administrator grants it its role there, both sign, a stranger submits. */
async function pair(stage: Stage, { motor, sensor, gateway }: Part & { readonly gateway: Attester }): Promise<void> {
  const { clientOf, network, addressBook } = stage;
  const { passport, productId } = motor;
  const readingsAnchor = addressBook.contracts.readingsAnchor.address;
  const grant = { signer: gateway.signer, roles: ["GATEWAY"], passport, validUntil: NO_END };
  await (await clientOf("admin").grantRoles(grant)).send();
  const technician = clientOf("technician");
  const position = await readGatewayPosition({ ...technician.context, readingsAnchor }, { gateway: gateway.address });
  const signedPairing = await signPairing(gateway, { chainId: network.chainId, readingsAnchor, passport, position });
  const sensors = [{ id: sensor, quantity: QUANTITY, unit: "Cel", position: "winding (assumed)" }] as const;
  const signed = await technician.signAttestation({
    passport,
    productId,
    eventType: "GATEWAY_PAIRED",
    document: { data: { ...signedPairing, sensors: [...sensors] } },
    deadline: technician.context.clock() + 3_600n,
  });
  await (await clientOf("stranger").submitAttestation({ signed })).send();
}

/** @returns how many readings were published */
async function publishAndAnchor(
  stage: Stage,
  { parts, gateway }: { readonly parts: readonly Part[]; readonly gateway: Attester },
): Promise<number> {
  await using cleaning = new AsyncDisposableStack();
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleaning.defer(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  cleaning.defer(() => new Promise<void>((resolve) => void broker.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the broker has no port");
  const url = `mqtt://127.0.0.1:${address.port}`;

  const relay = await startRelay(stage, { url, parts, gateway });
  cleaning.defer(relay.close);
  await until(() => isReady(relay));
  const publisher = await connectAsync(url, { protocolVersion: 4 });
  cleaning.defer(() => publisher.endAsync());
  const readings = (await Promise.all(parts.map(readingsOf))).flat();
  for (const reading of readings) await publisher.publishAsync(TOPIC, JSON.stringify(reading), { qos: 1 });
  await until(async () => (await countTaken(relay)) >= readings.length);
  return readings.length;
}

async function readingsOf({ motor, series, sensor, lost }: Part) {
  const values = await readSeries(series, { now: Date.now() });
  return values
    .map(({ value, time }, index) => ({
      sensor,
      sequence: index + 1,
      product: motor.productId,
      quantity: QUANTITY,
      unit: "Cel",
      value,
      time,
    }))
    .filter(({ sequence }) => sequence !== lost);
}

async function startRelay(
  stage: Stage,
  { url, parts, gateway }: { readonly url: string; readonly parts: readonly Part[]; readonly gateway: Attester },
): Promise<Relay> {
  const { addressBook, clientOf, folder, store, wallets } = stage;
  const readingsAnchor = addressBook.contracts.readingsAnchor.address;
  const attestationRelay = addressBook.contracts.attestationRelay.address;
  const products = parts.map(({ motor }) => motor.productId);
  const { context } = clientOf("stranger");
  return await createRelay({
    chain: connectChain({
      context: { ...context, store, readingsAnchor, attestationRelay },
      gateway,
      deadlineSeconds: 3_600,
    }),
    payers: { batches: [wallets.exporter], attestations: [wallets.logistics] },
    folder: join(folder, "relay"),
    products,
    receivers: {
      mqtt: {
        url,
        protocolVersion: 4,
        clientId: "relay",
        topics: [{ filter: TOPIC, sender: { name: "plant", products } }],
        maximumInFlight: 100,
        sessionExpirySeconds: 3_600,
        retryMilliseconds: 500,
      },
    },
    clockSkew: { pastSeconds: 2 * 86_400, futureSeconds: 60 },
    journal: {},
    deadLetterBytes: 1_000_000,
    batches: { maximumReadings: 200, maximumSeries: 400, maximumSeconds: 5, alarmSeconds: 0.1 },
    attestations: {
      readingsAnchor,
      gateway: gateway.address,
      alarms: [
        {
          code: "over-temperature",
          quantity: QUANTITY,
          levels: [{ name: "over-temperature", above: ALARM_LIMIT, severity: "critical" }],
          hysteresis: "5",
        },
      ],
    },
    pairingRefreshSeconds: 60,
    confirmMilliseconds: 200,
    shutdownMilliseconds: 60_000,
    restartMilliseconds: 500,
    log: pino({ level: "silent" }),
  });
}

/** Looks again and again; the relay's own words are on its metrics and its readiness. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(20);
}

async function isReady(relay: Relay): Promise<boolean> {
  return Object.values(relay.readiness()).every((problem) => problem === undefined);
}

async function countTaken(relay: Relay): Promise<number> {
  const { values } = await relay.metrics.readings.get();
  return values.reduce((sum, { value }) => sum + value, 0);
}

/** Asks chain and store, as anybody can who was not there. */
async function readBack(
  stage: Stage,
  {
    parts,
    gateway,
    published,
  }: { readonly parts: readonly Part[]; readonly gateway: Address; readonly published: number },
): Promise<PlayedReadings> {
  const readingsAnchor = stage.addressBook.contracts.readingsAnchor.address;
  const context = { ...stage.clientOf("buyer").context, readingsAnchor };
  const motors = [];
  for (const { motor } of parts) {
    const found = await readReadings(context, { passport: motor.productId });
    const values = [];
    for await (const { reading } of found.readings()) values.push(reading);
    motors.push({ productId: motor.productId, found, values, alarms: await readAlarms(stage, motor) });
  }
  const first = motors[0]?.values.find(({ value }) => Number(value) > Number(ALARM_LIMIT));
  if (first === undefined) throw new Error("no reading of the hot motor is above the limit");
  const proof = await proveReading(context, { gateway, sensor: first.sensor, sequence: first.sequence });
  const forged = { ...proof, reading: { ...proof.reading, value: FORGED_VALUE } };
  const { sequence: batches } = await readGatewayPosition(context, { gateway });
  return {
    gateway,
    published,
    motors: motors.map(({ productId, found: { series, gaps }, values, alarms }) => ({
      productId,
      series,
      gaps,
      alarms,
      values: values.map(({ time, value, sequence }, index) => ({
        time: Date.parse(time),
        value: Number(value),
        isAfterGap: index > 0 && sequence !== (values[index - 1]?.sequence ?? 0) + 1,
      })),
    })),
    batches: Number(batches),
    proven: proof.reading,
    checks: checksOf(await verifyReading(proof, { context })),
    forged: { value: FORGED_VALUE, checks: checksOf(await verifyReading(forged, { context })) },
  };
}

async function readAlarms({ clientOf, store }: Stage, { passport, productId }: Motor): Promise<readonly string[]> {
  const { entries } = await clientOf("buyer").readHistory({ passport });
  const alarms: string[] = [];
  for (const { document: digest, eventType, attester } of entries) {
    if (eventTypeName(eventType) !== "READINGS") continue;
    const read = readDocument(await store.get(digest), { digest, productId, eventType, attester });
    const data = read.status === "valid" && read.document.eventType === "READINGS" ? read.document.data : undefined;
    if (data !== undefined && "alarm" in data) alarms.push(z.object({ code: z.string() }).parse(data.alarm).code);
  }
  return alarms;
}

function checksOf({ verdicts }: VerifiedReading): readonly ReadingCheck[] {
  return Object.entries(verdicts).map(([question, { status, code, reason }]) => ({ question, status, code, reason }));
}
