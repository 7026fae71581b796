/** A way in for readings. */
export interface Receiver {
  readonly name: string;
  /** Where it listens, or which broker it is a client of. */
  readonly address: string;
  /** Why nothing comes in at present; undefined if readings can come. */
  readonly problem: () => string | undefined;
  /** Takes nothing new, finishes and acknowledges what has come, and closes. */
  readonly close: () => Promise<void>;
}
