import type { Quantity } from "@digital-product-passport/sdk/readings";

/** A level of a quantity that begins above a boundary. */
export interface AlarmLevel {
  /** What it is called, such as the zone `C` of ISO 20816. */
  readonly name: string;
  /** Decimal number in the quantity's unit; the level begins above it. */
  readonly above: string;
  /** Left out: entering the level is no alarm. */
  readonly severity?: "warning" | "critical" | undefined;
}

/** When the passport is told at once. */
export interface AlarmRule {
  /** Code of the alarm in the passport, such as `over-temperature`. */
  readonly code: string;
  readonly quantity: Quantity;
  /** productIds; all products if left out. */
  readonly products?: readonly string[] | undefined;
  /** Ids of sensors; all sensors of the quantity if left out. */
  readonly sensors?: readonly string[] | undefined;
  /** From the lowest to the highest. */
  readonly levels: readonly [AlarmLevel, ...AlarmLevel[]];
  /** How far a value must fall below the boundary of its level until the level ends: a decimal number, not negative. */
  readonly hysteresis: string;
  /**
   * How long after an alarm the same sensor raises none of the same level, by the times of its readings, nor a late reading one
   * from before it; 600 if left out. It bounds what a value that swings wider than the hysteresis writes on chain.
   */
  readonly repeatSeconds?: number | undefined;
}
