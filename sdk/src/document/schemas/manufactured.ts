import { parseUnits } from "ethers";
import * as z from "zod";
import { addressSchema, bytes32Schema } from "../../primitives/hex.js";
import { httpsUrlSchema } from "../../primitives/https-url.js";
import { countrySchema } from "./country.js";
import { electricMotorNameplate } from "./electric-motor-nameplate.js";
import { defineDocument } from "./envelope.js";
import { amount, isSound, label, listOf, organisation, percent, place, productReference } from "./fields.js";

const product = z.strictObject({
  name: label,
  model: label,
  manufacturer: organisation,
  /** Where it was made. */
  country: countrySchema,
  manufacturedAt: z.iso.date(),
  productLine: label.exactOptional(),
  batch: label.exactOptional(),
  serialNumber: label.exactOptional(),
  /** Customs code of the Harmonised System, 6 to 10 digits. */
  commodityCode: z
    .string()
    .regex(/^\d{6,10}$/)
    .exactOptional(),
});

const material = z.strictObject({
  name: label,
  /** Registry number of the Chemical Abstracts Service. */
  casNumber: z
    .string()
    .regex(/^\d{2,7}-\d{2}-\d$/)
    .exactOptional(),
  originCountry: countrySchema,
  massKilograms: amount.exactOptional(),
  massSharePercent: percent,
  recycledSharePercent: percent,
  hazardous: z.boolean(),
});

const qualityStandard = z.strictObject({
  standard: label,
  certificateNumber: label.exactOptional(),
  issuedBy: label.exactOptional(),
  validUntil: z.iso.date().exactOptional(),
});

/** The first document of every passport. A new product category joins `nameplate`; the rest serves every brand. */
export const manufacturedSchema = defineDocument("MANUFACTURED", {
  data: z.strictObject({
    product,
    nameplate: z.discriminatedUnion("category", [electricMotorNameplate]).exactOptional(),
    /** By material and origin: the same material of two countries is two entries. */
    materials: listOf(material).refine(isAtMostTheWhole, {
      error: "the mass shares make up more than 100 per cent",
      when: isSound,
    }),
    plant: place,
    suppliers: listOf(organisation.extend({ supplies: label })).exactOptional(),
    qualityStandards: listOf(qualityStandard).exactOptional(),
    components: listOf(productReference.extend({ position: label })).exactOptional(),
    /** The product this one was made from, or the same one under an older passport version; the head is its last one. */
    predecessor: z
      .strictObject({ productId: httpsUrlSchema, passport: addressSchema, head: bytes32Schema })
      .exactOptional(),
  }),
});

function isAtMostTheWhole(materials: readonly { readonly massSharePercent: string }[]): boolean {
  const millionths = materials.map(({ massSharePercent }) => parseUnits(massSharePercent, 6));
  return millionths.reduce((sum, share) => sum + share, 0n) <= parseUnits("100", 6);
}
