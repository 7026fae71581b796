import * as z from "zod";
import { label, organisation, place, range, webPage } from "./fields.js";

/** A move of the product from one place to another, as both ends describe it. */
export const shipment = z.strictObject({
  origin: place,
  destination: place,
  carrier: organisation.exactOptional(),
  tracking: z.strictObject({ number: label, page: webPage.exactOptional() }).exactOptional(),
  /** Customs declaration of an export or import. */
  customsReference: label.exactOptional(),
  conditions: z
    .strictObject({
      incoterm: z
        .string()
        .regex(/^[A-Z]{3}$/)
        .exactOptional(),
      packaging: label.exactOptional(),
      temperatureCelsius: range.exactOptional(),
      relativeHumidityPercent: range.exactOptional(),
    })
    .exactOptional(),
});
