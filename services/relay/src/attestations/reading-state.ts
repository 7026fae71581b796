import * as z from "zod";

const decimalDigits = z.string().regex(/^-?\d+$/);

/** What is remembered of one sensor under one alarm rule. */
export const levelStateSchema = z.strictObject({
  /** 0 is below all levels. */
  level: z.int().min(0),
  /** Time of the latest reading, Unix milliseconds. */
  latest: z.number(),
});

/** When a sensor has raised its last alarm of one level: time of the reading, Unix milliseconds. */
export const alarmedSchema = z.strictObject({ time: z.number() });

/** What a sensor has measured since the last summary. */
export const tallySchema = z.strictObject({
  quantity: z.string(),
  unit: z.string(),
  count: z.int().min(1),
  /** In billionths. */
  minimum: decimalDigits,
  maximum: decimalDigits,
  sum: decimalDigits,
  /** Times of the earliest and the latest reading, Unix milliseconds. */
  from: z.number(),
  until: z.number(),
});

/** What is remembered of one product since the last summary. */
export const productStateSchema = z.strictObject({
  /** Batches that hold its readings. */
  first: z.int().min(1),
  last: z.int().min(1),
});

/** The running hours of a product, as its counter said last. */
export const hoursSchema = z.strictObject({ value: z.string(), time: z.number() });

/** When the last summary was due, Unix milliseconds. */
export const summarisedSchema = z.strictObject({ time: z.number() });

/** See the schemas. */
export type LevelState = z.infer<typeof levelStateSchema>;
/** See the schemas. */
export type Tally = z.infer<typeof tallySchema>;

/** What is remembered between batches, by name; durable with each batch. */
export interface ReadingState {
  readonly get: <Schema extends z.ZodType>(name: string, schema: Schema) => z.infer<Schema> | undefined;
  readonly set: (name: string, value: z.core.util.JSONType | undefined) => void;
  /** Names that begin so. */
  readonly names: (prefix: string) => readonly string[];
  /** What has changed since the last call; null: forgotten. */
  readonly takeChanges: () => readonly (readonly [name: string, value: z.core.util.JSONType])[];
}

/**
 * Begins with what an earlier run has remembered.
 *
 * @param known - by name
 * @returns the state
 */
export function createReadingState(known: ReadonlyMap<string, z.core.util.JSONType>): ReadingState {
  const values = new Map(known);
  const changed = new Set<string>();
  const checked = new Set<string>();
  return {
    get: (name, schema) => {
      const value = values.get(name);
      if (value === undefined) return undefined;
      // Safety: it was checked when it was first read, or written by this program since.
      if (checked.has(name)) return value as never;
      checked.add(name);
      return schema.parse(value);
    },
    set: (name, value) => {
      if (value === undefined) values.delete(name);
      else values.set(name, value);
      checked.add(name);
      changed.add(name);
    },
    names: (prefix) => [...values.keys()].filter((name) => name.startsWith(prefix)),
    takeChanges: () => {
      const changes = [...changed].map((name) => [name, values.get(name) ?? null] as const);
      changed.clear();
      return changes;
    },
  };
}
