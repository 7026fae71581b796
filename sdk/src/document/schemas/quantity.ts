import * as z from "zod";

/** What a quantity is measured in, and what a working sensor may say. */
export interface QuantityDescription {
  /** The one UCUM code it is written in. */
  readonly unit: string;
  /** Lowest plausible value, in that unit. */
  readonly minimum: string;
  /** Highest plausible value, in that unit. */
  readonly maximum: string;
}

/**
 * What sensors measure, by the name that readings and documents use. A quantity has one unit, so that its values can be
 * compared as they stand. A value outside the plausible range comes from a broken sensor, or from a wrong unit.
 */
export const quantities = {
  temperature: { unit: "Cel", minimum: "-100", maximum: "1500" },
  "bearing-temperature": { unit: "Cel", minimum: "-60", maximum: "400" },
  "winding-temperature": { unit: "Cel", minimum: "-60", maximum: "500" },
  "ambient-temperature": { unit: "Cel", minimum: "-90", maximum: "100" },
  /** Root mean square. */
  "vibration-velocity": { unit: "mm/s", minimum: "0", maximum: "1000" },
  current: { unit: "A", minimum: "0", maximum: "100000" },
  voltage: { unit: "V", minimum: "0", maximum: "1000000" },
  /** Negative when a motor brakes and feeds back. */
  power: { unit: "kW", minimum: "-1000000", maximum: "1000000" },
  "rotational-speed": { unit: "/min", minimum: "0", maximum: "1000000" },
  "running-time": { unit: "h", minimum: "0", maximum: "1000000" },
  starts: { unit: "1", minimum: "0", maximum: "1000000000" },
  "relative-humidity": { unit: "%", minimum: "0", maximum: "100" },
} as const satisfies Readonly<Record<string, QuantityDescription>>;

/** The name of a quantity. */
export type Quantity = keyof typeof quantities;

// Safety: the keys of `quantities`, and nothing else, are of this type.
const names = Object.keys(quantities) as Quantity[];

/** The name of a quantity that sensors measure. */
export const quantitySchema = z.enum(names);

/** The units that quantities have. */
export const unitSchema = z.enum([...new Set(names.map((name) => quantities[name].unit))]);

/**
 * Tells whether something measured is given in the unit of its quantity.
 *
 * @param measured - with quantity and unit
 * @returns whether it is
 */
export function hasUnitOfQuantity(measured: { readonly quantity: Quantity; readonly unit: string }): boolean {
  return quantities[measured.quantity].unit === measured.unit;
}
