/** Something true that whoever buys or uses the product should know; it makes no verdict better or worse. */
export interface Finding {
  /** For programs, such as `condition.stolen`. */
  readonly code: string;
  /** For people. */
  readonly reason: string;
  /** Positions of the entries that it is about, if it is about some. */
  readonly sequences?: readonly bigint[];
}
