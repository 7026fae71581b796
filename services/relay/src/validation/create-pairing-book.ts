import { open, readFile, rename } from "node:fs/promises";
import { type Hex, parseHex, parseJson } from "@digital-product-passport/sdk";
import * as z from "zod";
import type { ListedSensor, PairedProduct } from "./paired-product.js";

/** What is known of the products' pairings, kept up to date. */
export interface PairingBook {
  /**
   * Looks a product up. If it is not paired as far as is known, or the sensor is not listed, the chain is asked again
   * first, unless it just was.
   *
   * @returns the product; undefined if it is not paired with this gateway
   */
  readonly find: (productId: string, options: { readonly sensor: string }) => Promise<PairedProduct | undefined>;
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
  /** Time between two questions that readings of unknown sensors may cause, in milliseconds. */
  readonly shortestMilliseconds?: number | undefined;
  readonly onProblem: (error: unknown) => void;
  /** Monotonic, in milliseconds. */
  readonly now?: (() => number) | undefined;
}

const SHORTEST_MILLISECONDS = 5_000;

const sensorSchema = z.object({
  id: z.string(),
  quantity: z.string(),
  unit: z.string(),
  publicKey: z
    .string()
    .transform((key): Hex => parseHex(key))
    .optional(),
});

const fileSchema = z.array(
  z.object({
    productId: z.string(),
    /** null: known not to be paired. */
    paired: z.object({ productId: z.string(), passport: z.string(), sensors: z.array(sensorSchema) }).nullable(),
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
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  const askAbout = async (productId: string): Promise<void> => {
    try {
      known.set(productId, await options.read(productId));
    } catch (error) {
      // An outage says nothing about a pairing: what was known stays.
      onProblem(error);
    }
  };
  const askAll = async (): Promise<void> => {
    for (const productId of served) await askAbout(productId);
    askedAt = now();
    await writeKnown(file, known).catch(onProblem);
  };
  const refresh = (): Promise<void> => {
    asking ??= askAll().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  const lookUp = (productId: string, sensor: string): { product: PairedProduct | undefined; isListed: boolean } => {
    const product = known.get(productId);
    return { product, isListed: product?.sensors.some(({ id }: ListedSensor) => id === sensor) ?? false };
  };

  return {
    refresh,
    isComplete: () => [...served].every((productId) => known.has(productId)),
    products: () => [...served].flatMap((productId) => known.get(productId) ?? []),
    find: async (productId, { sensor }) => {
      const { product, isListed } = lookUp(productId, sensor);
      if (isListed || !served.has(productId)) return product;
      if (now() - askedAt >= (options.shortestMilliseconds ?? SHORTEST_MILLISECONDS)) await refresh();
      return lookUp(productId, sensor).product;
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
