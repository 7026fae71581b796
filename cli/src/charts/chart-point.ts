/** A value that was measured at some time. */
export interface ChartPoint {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly value: number;
  /** Whether something is missing before it: a chart must not connect what it does not know. */
  readonly isAfterGap: boolean;
}
