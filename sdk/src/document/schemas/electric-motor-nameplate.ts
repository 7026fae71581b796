import * as z from "zod";
import { amount, count, label, listOf, percent, range } from "./fields.js";

const thermalClass = z.enum(["A", "E", "B", "F", "H"]);

const operatingPoint = z.strictObject({
  connection: z.enum(["star", "delta", "double-star", "double-delta", "single-phase"]),
  voltageVolts: amount,
  frequencyHertz: amount,
  currentAmperes: amount,
  speedRevolutionsPerMinute: amount,
  powerFactor: z.string().regex(/^(?:1(?:\.0{1,3})?|0\.\d{1,3})$/, 'expected a power factor in quotes, such as "0.86"'),
});

/** The rating plate of IEC 60034-1 and the product information of Regulation (EU) 2019/1781. */
export const electricMotorNameplate = z.strictObject({
  category: z.literal("electric-motor"),
  motorType: z.enum([
    "cage-induction",
    "wound-rotor-induction",
    "permanent-magnet-synchronous",
    "synchronous-reluctance",
    "permanent-magnet-assisted-reluctance",
  ]),
  frameSize: label,
  phases: z.literal([1, 3]),
  poles: z.int().min(2).max(100).multipleOf(2),
  ratedOutputKilowatts: amount,
  /** Every supply the plate names, the first one first. */
  operatingPoints: z.array(operatingPoint).min(1).max(20),
  duty: z.enum(["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10"]),
  serviceFactor: amount.exactOptional(),
  thermalClass,
  temperatureRiseClass: thermalClass.exactOptional(),
  ipCode: z.string().regex(/^IP[0-6X][0-9X][A-DHMSW]{0,2}$/, "expected an IP code, such as IP55"),
  coolingCode: z.string().regex(/^IC\d[0-9A-Z]{1,5}$/, "expected an IC code, such as IC411"),
  mountingCode: z.string().regex(/^IM (?:[BV]\d{1,2}|\d{4})$/, "expected an IM code, such as IM B3 or IM 1001"),
  ambientCelsius: range,
  maximumAltitudeMetres: count,
  massKilograms: amount,
  efficiency: z.strictObject({
    class: z.enum(["IE1", "IE2", "IE3", "IE4", "IE5"]),
    percentAtFullLoad: percent,
    percentAtThreeQuarterLoad: percent,
    percentAtHalfLoad: percent,
  }),
  /** Losses in per cent of the rated output, at per cent of rated speed and torque. */
  lossesPercent: z
    .strictObject({
      speed25Torque25: percent,
      speed25Torque100: percent,
      speed50Torque25: percent,
      speed50Torque50: percent,
      speed50Torque100: percent,
      speed90Torque50: percent,
      speed90Torque100: percent,
    })
    .exactOptional(),
  /** Why the efficiency requirements do not apply, if so. */
  efficiencyExemption: label.exactOptional(),
  bearings: z.strictObject({ driveEnd: label, nonDriveEnd: label }),
  grease: z
    .strictObject({ type: label, driveEndGrams: amount, nonDriveEndGrams: amount, intervalHours: count })
    .exactOptional(),
  soundPressureDecibels: amount.exactOptional(),
  vibrationGrade: z.enum(["A", "B"]).exactOptional(),
  startingCurrentRatio: amount.exactOptional(),
  standards: listOf(label).exactOptional(),
});
