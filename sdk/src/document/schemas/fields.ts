import { parseUnits } from "ethers";
import * as z from "zod";
import { hasGs1CheckDigit } from "../../primitives/gs1-check-digit.js";
import { addressSchema } from "../../primitives/hex.js";
import { httpsUrlSchema } from "../../primitives/https-url.js";
import { countrySchema } from "./country.js";
import { hasUnitOfQuantity, quantitySchema, unitSchema } from "./quantity.js";

/** A name, a number of a paper, a short remark: one line, at most 200 characters. */
export const label = z
  .string()
  .max(200)
  .regex(/^\S(?:.*\S)?$/, "expected one line without blanks around it");

/** A description: at most 4000 characters. It is public for ever: nothing personal belongs into it. */
export const text = z
  .string()
  .max(4_000)
  .regex(/^\S(?:[\s\S]*\S)?$/, "expected text without blanks around it");

/** A decimal number in full, so that no reader rounds it: `-12.50`. */
export const decimal = z
  .string()
  .regex(/^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?$/, 'expected a decimal number in quotes, such as "-12.50"');

/** A decimal number that is not negative. */
export const amount = z
  .string()
  .regex(
    /^(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?$/,
    'expected a decimal number in quotes that is not negative, such as "75"',
  );

/** A share of 0 to 100 per cent. */
export const percent = z
  .string()
  .regex(/^(?:100(?:\.0{1,6})?|[1-9]?\d(?:\.\d{1,6})?)$/, 'expected 0 to 100 per cent in quotes, such as "97.5"');

/** How many, or the how manieth. */
export const count = z.int().min(0);

/** A GS1 Global Location Number: 13 digits with a right check digit. */
export const gln = z
  .string()
  .regex(/^\d{13}$/, "expected a GLN of 13 digits")
  .refine(hasGs1CheckDigit, "the GLN has a wrong check digit");

/** A web page for people, which may have a query. */
export const webPage = z.url({ protocol: /^https$/, error: "expected an https URL" }).max(2_000);

/** A company or an authority, never a person. */
export const organisation = z.strictObject({
  name: label,
  gln: gln.exactOptional(),
  country: countrySchema.exactOptional(),
});

/** Where something is: a plant, a warehouse, a port. */
export const place = z.strictObject({
  name: label,
  gln: gln.exactOptional(),
  locality: label.exactOptional(),
  country: countrySchema.exactOptional(),
});

/** Another product, and its passport if it has one. */
export const productReference = z.strictObject({
  productId: httpsUrlSchema,
  passport: addressSchema.exactOptional(),
});

/** One measured value; the unit is a UCUM code such as `Cel`, `mm/s`, `A`, `kW`, `/min`. */
export const measurement = z.strictObject({
  quantity: label,
  position: label.exactOptional(),
  value: decimal,
  unit: label,
});

/** What a gateway calls a sensor. One that loses count of its readings gets another id. */
export const sensorId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "expected 1 to 64 letters, digits, dots, underscores and hyphens, a letter or digit first",
  );

/** A sensor that a gateway reads, with the unit that its quantity has. */
export const sensor = z
  .strictObject({
    id: sensorId,
    quantity: quantitySchema,
    position: label.exactOptional(),
    unit: unitSchema,
  })
  .refine(hasUnitOfQuantity, { path: ["unit"], error: "the quantity has another unit", when: isSound });

/** A part that was used, taken out or put in. */
export const part = z.strictObject({
  name: label,
  partNumber: label.exactOptional(),
  quantity: z.int().min(1),
  productId: httpsUrlSchema.exactOptional(),
});

/** When work is due again: by date, by running hours, whichever comes first. */
export const nextDue = z.strictObject({
  date: z.iso.date().exactOptional(),
  runningHours: amount.exactOptional(),
});

/** A quantity's lower and upper bound, in the unit of the field's name. */
export const range = z
  .strictObject({ minimum: decimal, maximum: decimal })
  .refine(({ minimum, maximum }) => isAscending(minimum, maximum), {
    error: "the minimum is above the maximum",
    when: isSound,
  });

/** Whether decimal numbers do not fall from one to the next. */
export function isAscending(...decimals: readonly string[]): boolean {
  const scaled = decimals.map((value) => parseUnits(value, 9));
  return scaled.every((value, index) => value >= (scaled[index - 1] ?? value));
}

/** For rules that compare fields: they are asked only when each field by itself is right. */
export function isSound({ issues }: z.core.ParsePayload): boolean {
  return issues.length === 0;
}

/** Up to 200 of something. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).max(200);
}
