import { setImmediate as nextTurn } from "node:timers/promises";
import { type Hex, isPassportError, parseJson } from "@digital-product-passport/sdk";
import { isPlausible, isReadingSigned, parseReading, type Reading } from "@digital-product-passport/sdk/readings";
import type { Delivery, Rejection, Sender } from "../delivery.js";
import type { PairingBook } from "./create-pairing-book.js";
import type { ListedSensor } from "./paired-product.js";
import { reject } from "./reject.js";

/** A reading that may be journaled, or why not. */
export type Validated = { readonly status: "valid"; readonly reading: Reading } | Rejection;

/** Checks every item of deliveries. */
export type Validate = (deliveries: readonly Delivery[]) => Promise<readonly (readonly Validated[])[]>;

/** What readings are checked against. */
export interface ValidatorOptions {
  readonly pairings: Pick<PairingBook, "find" | "inquire">;
  /** Returns the present time in Unix milliseconds. */
  readonly clock: () => number;
  /** How far the time of a reading may lie behind the relay's, in seconds. */
  readonly pastSeconds: number;
  /** How far it may lie ahead, in seconds. */
  readonly futureSeconds: number;
}

/** A reading with the longest of everything has some 700. */
const MAXIMUM_BYTES = 4_096;

const SIGNATURES_AT_A_TIME = 16;

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Makes the check that every reading has to pass, wherever it comes from. Numbers that were used before are the
 * journal's to find.
 *
 * @param options - pairings, clock and its limits
 * @returns the check; whatever comes, it has an answer
 */
export function createValidator(options: ValidatorOptions): Validate {
  const { pairings } = options;
  return async (deliveries) => {
    const parsed = deliveries.map(({ items, sender }) => items.map((item) => parseAllowed(item, sender, options)));
    const readings = parsed.flat().flatMap((each) => (each.status === "valid" ? each.reading : []));
    await pairings.inquire(readings);
    // Looked up once: of a pairing that changes while signatures are verified, one state counts.
    const keys = new Map<Reading, Hex>();
    const checked = parsed.map((items, index) =>
      items.map((each) => {
        if (each.status === "rejected") return each;
        const found = checkPairing(each.reading, deliveries[index]?.sender, pairings);
        if ("status" in found) return found;
        if (found.publicKey !== undefined) keys.set(each.reading, found.publicKey);
        return each;
      }),
    );
    const forged = await findForged(keys);
    return checked.map((items) =>
      items.map((each) =>
        each.status === "valid" && forged.has(each.reading)
          ? reject("signature-invalid", { sensor: each.reading.sensor })
          : each,
      ),
    );
  };
}

/** A signature takes a millisecond: whoever else is due must not wait for those of a whole message. */
async function findForged(keys: ReadonlyMap<Reading, Hex>): Promise<ReadonlySet<Reading>> {
  const forged = new Set<Reading>();
  let verified = 0;
  for (const [reading, publicKey] of keys) {
    if (!isReadingSigned(reading, { publicKey })) forged.add(reading);
    verified += 1;
    if (verified % SIGNATURES_AT_A_TIME === 0) await nextTurn();
  }
  return forged;
}

/** Everything but the pairing, which the chain may have to be asked for. */
function parseAllowed(item: Uint8Array, sender: Sender | undefined, options: ValidatorOptions): Validated {
  const parsed = parse(item);
  if (parsed.status === "rejected") return parsed;
  return checkTime(parsed.reading, options) ?? checkSender(parsed.reading, sender) ?? parsed;
}

function parse(item: Uint8Array): Validated {
  if (item.length > MAXIMUM_BYTES) return reject("too-large", { maximum: MAXIMUM_BYTES, actual: item.length });
  let value: unknown;
  try {
    value = parseJson(decoder.decode(item));
  } catch (error) {
    return reject("malformed", { problem: isPassportError(error) ? error.message : "The bytes are not UTF-8." });
  }
  try {
    const reading = parseReading(value);
    if (isPlausible(reading)) return { status: "valid", reading };
    const { quantity, unit } = reading;
    return reject("invalid", { problem: `No working sensor measures a ${quantity} of ${reading.value} ${unit}.` });
  } catch (error) {
    if (isPassportError(error)) return reject("invalid", { problem: error.message });
    throw error;
  }
}

function checkTime({ time }: Reading, { clock, pastSeconds, futureSeconds }: ValidatorOptions): Rejection | undefined {
  const now = clock();
  const aheadSeconds = (Date.parse(time) - now) / 1_000;
  if (aheadSeconds >= -pastSeconds && aheadSeconds <= futureSeconds) return undefined;
  const details = { time, now: new Date(now).toISOString() };
  return aheadSeconds < 0
    ? reject("too-old", { ...details, limit: pastSeconds })
    : reject("in-future", { ...details, limit: futureSeconds });
}

function checkSender(reading: Reading, sender: Sender | undefined): Rejection | undefined {
  const { product, sensor, signature } = reading;
  if (sender === undefined) {
    if (signature !== undefined) return undefined;
    return reject("signature-missing", { sensor, reason: "this way in proves no sender" });
  }
  const details = { sender: sender.name };
  if (!sender.products.includes(product)) return reject("sender-not-allowed", { ...details, what: product });
  const isForeign = sender.sensors !== undefined && !sender.sensors.includes(sensor);
  return isForeign ? reject("sender-not-allowed", { ...details, what: `the sensor ${sensor}` }) : undefined;
}

function checkPairing(
  reading: Reading,
  sender: Sender | undefined,
  { find }: ValidatorOptions["pairings"],
): Rejection | ListedSensor {
  const { product, sensor, quantity, unit } = reading;
  const paired = find(product);
  if (paired === undefined) return reject("not-paired", { product });
  if (paired.lostTrust !== undefined) {
    const { code, since } = paired.lostTrust;
    return reject(code, { product, since });
  }
  const listed = paired.sensors.find(({ id }) => id === sensor);
  if (listed === undefined) return reject("sensor-not-listed", { product, sensor });
  if (listed.quantity !== quantity || listed.unit !== unit) {
    const actual = `${quantity} in ${unit}`;
    return reject("quantity-not-listed", { sensor, listed: `${listed.quantity} in ${listed.unit}`, actual });
  }
  return checkSigned(reading, listed, sender) ?? listed;
}

function checkSigned(
  { sensor, signature }: Reading,
  { publicKey }: ListedSensor,
  sender: Sender | undefined,
): Rejection | undefined {
  if (publicKey === undefined) {
    if (sender !== undefined) return undefined;
    const reason = "this way in proves no sender, and the pairing lists no key";
    return reject("signature-missing", { sensor, reason });
  }
  return signature === undefined
    ? reject("signature-missing", { sensor, reason: "the pairing lists its key" })
    : undefined;
}
