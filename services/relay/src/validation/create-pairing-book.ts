import { open, readFile, rename } from "node:fs/promises";
import { type Hex, parseHex, parseJson } from "@digital-product-passport/sdk";
import { sleep } from "@digital-product-passport/sdk/node";
import type { Reading } from "@digital-product-passport/sdk/readings";
import pLimit from "p-limit";
import * as z from "zod";
import type { ListedSensor, PairedProduct } from "./paired-product.js";

/** What is known of the products' pairings, kept up to date. */
export interface PairingBook {
  /** The product as far as is known; undefined if it is not paired with this gateway. */
  readonly find: (productId: string) => PairedProduct | undefined;
  /**
   * Has the chain asked about the products of readings that are not known to be paired, or do not list the sensor; not about
   * those that it was just asked about. After `patienceMilliseconds` without an answer, what was known counts.
   */
  readonly inquire: (readings: readonly Pick<Reading, "product" | "sensor">[]) => Promise<void>;
  /** Asks the chain about every product; what cannot be found out stays as it was. */
  readonly refresh: () => Promise<void>;
  /** Whether something is known of every product. */
  readonly isComplete: () => boolean;
  readonly products: () => readonly PairedProduct[];
}

/** Which products, and how to find out. */
export interface PairingBookOptions {
  /** productIds of the products that this relay serves. */
  readonly products: readonly string[];
  /**
   * Asks the chain.
   *
   * @returns undefined if the product is not paired with this gateway
   */
  readonly read: (productId: string) => Promise<PairedProduct | undefined>;
  /** What was found out last, for a start without a chain. */
  readonly file: string;
  /** Time between two questions about a product that readings of unknown sensors may cause, in milliseconds. */
  readonly shortestMilliseconds?: number | undefined;
  /** How long such a reading waits for the answer, in milliseconds. */
  readonly patienceMilliseconds?: number | undefined;
  readonly onProblem: (error: unknown) => void;
  /** Monotonic, in milliseconds. */
  readonly now?: (() => number) | undefined;
}

const SHORTEST_MILLISECONDS = 5_000;
const PATIENCE_MILLISECONDS = 2_000;
/** Products that are read at the same time, each with many requests: for a refresh, and for readings beside it. */
const READ_AT_A_TIME = 8;

const sensorSchema = z.object({
  id: z.string(),
  quantity: z.string(),
  unit: z.string(),
  publicKey: z
    .string()
    .transform((key): Hex => parseHex(key))
    .optional(),
});

/** What the chain is being asked about a product. */
interface Question {
  readonly answered: Promise<void>;
  readonly began: number;
}

const fileSchema = z.array(
  z.object({
    productId: z.string(),
    /** null: known not to be paired. */
    paired: z
      .object({
        productId: z.string(),
        passport: z.string(),
        sensors: z.array(sensorSchema),
        lostTrust: z.object({ code: z.enum(["gateway-revoked", "gateway-compromised"]), since: z.string() }).optional(),
      })
      .nullable(),
  }),
);

/**
 * Opens what was known of the pairings when the relay last ran. Nothing is asked before `refresh`.
 *
 * @param options - products, and how to find out
 * @returns the book
 */
export async function createPairingBook(options: PairingBookOptions): Promise<PairingBook> {
  const { file, onProblem, now = () => performance.now() } = options;
  const served = new Set(options.products);
  const known = await readKnown(file);
  const askedAt = new Map<string, number>();
  const asking = new Map<string, Question>();
  let refreshing: Promise<void> | undefined;
  const [refreshLimit, readingLimit] = [pLimit(READ_AT_A_TIME), pLimit(READ_AT_A_TIME)];
  let written: Promise<void> = Promise.resolve();
  let isWriteDue = false;

  const readFromChain = async (productId: string): Promise<void> => {
    try {
      known.set(productId, await options.read(productId));
    } catch (error) {
      // An outage says nothing about a pairing: what was known stays.
      onProblem(error);
    }
    askedAt.set(productId, now());
  };
  /** Whoever asks while the chain is being asked hears the same answer. */
  const ask = (productId: string, read: (task: () => Promise<void>) => Promise<void>): Question => {
    const underWay = asking.get(productId);
    if (underWay !== undefined) return underWay;
    const answered = read(() => readFromChain(productId)).finally(() => asking.delete(productId));
    const question = { answered, began: now() };
    asking.set(productId, question);
    return question;
  };
  /** One that waits for its turn writes what comes until then, too. */
  const write = (): Promise<void> => {
    if (isWriteDue) return written;
    isWriteDue = true;
    written = written
      .then(async () => {
        isWriteDue = false;
        await writeKnown(file, known);
      })
      .catch(onProblem);
    return written;
  };
  const askForReading = async (productId: string): Promise<void> => {
    const isNew = !asking.has(productId);
    const { answered, began } = ask(productId, readingLimit);
    if (isNew) void answered.then(write);
    const patience = began + (options.patienceMilliseconds ?? PATIENCE_MILLISECONDS) - now();
    if (patience <= 0) return;
    const enough = new AbortController();
    await Promise.race([answered, sleep(patience, enough.signal)]);
    enough.abort();
  };
  const askAll = async (): Promise<void> => {
    const readOne = async (productId: string) => await ask(productId, (task) => task()).answered;
    await Promise.all([...served].map((productId) => refreshLimit(readOne, productId)));
    await write();
  };
  const refresh = (): Promise<void> => {
    refreshing ??= askAll().finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  };
  const isListed = (productId: string, sensor: string): boolean =>
    known.get(productId)?.sensors.some(({ id }: ListedSensor) => id === sensor) ?? false;
  const wasJustAsked = (productId: string): boolean => {
    const since = now() - (askedAt.get(productId) ?? Number.NEGATIVE_INFINITY);
    return since < (options.shortestMilliseconds ?? SHORTEST_MILLISECONDS);
  };

  return {
    refresh,
    isComplete: () => [...served].every((productId) => known.has(productId)),
    products: () => [...served].flatMap((productId) => known.get(productId) ?? []),
    find: (productId) => known.get(productId),
    inquire: async (readings) => {
      const open = readings.filter(({ product, sensor }) => served.has(product) && !isListed(product, sensor));
      const products = new Set(open.map(({ product }) => product));
      await Promise.all([...products].filter((product) => !wasJustAsked(product)).map(askForReading));
    },
  };
}

async function readKnown(file: string): Promise<Map<string, PairedProduct | undefined>> {
  try {
    const entries = fileSchema.parse(parseJson(await readFile(file, "utf8")));
    return new Map(entries.map(({ productId, paired }) => [productId, paired ?? undefined]));
  } catch {
    // Without it the chain is asked, as at the first start.
    return new Map();
  }
}

async function writeKnown(file: string, known: ReadonlyMap<string, PairedProduct | undefined>): Promise<void> {
  const entries = [...known].map(([productId, paired]) => ({ productId, paired: paired ?? null }));
  const unfinished = `${file}.unfinished`;
  const handle = await open(unfinished, "w");
  try {
    await handle.writeFile(JSON.stringify(entries));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(unfinished, file);
}
