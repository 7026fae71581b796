import { mkdir, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Rejection, Transport } from "../delivery.js";

/** A reading that was rejected, and where it came from. */
export interface DeadLetter {
  readonly receivedAt: string;
  readonly transport: Transport;
  readonly sender: string | undefined;
  readonly source: string;
  readonly rejection: Rejection;
  readonly item: Uint8Array;
}

/** Keeps what was rejected, for people to look at. */
export interface DeadLetters {
  /** Returns at once; what cannot be kept is counted. */
  readonly write: (letter: DeadLetter) => void;
  /** Fulfilled when everything so far is written, or lost. */
  readonly flush: () => Promise<void>;
}

/** Where rejected readings go. */
export interface DeadLettersOptions {
  /** JSON, a line each. */
  readonly file: string;
  /** Size at which the file takes the place of the one before, `<file>.1`, in bytes: a flood must not fill the disk. */
  readonly maximumBytes: number;
  /** Told of letters that were not kept. */
  readonly onLost: (count: number, error: unknown) => void;
}

/** Of a huge payload the beginning is enough to know it by. */
const KEPT_BYTES = 1_024;
/** Letters that wait for the disk. */
const MAXIMUM_WAITING = 10_000;

/**
 * Opens the file of rejected readings.
 *
 * @param options - file and limits
 * @returns the file's writer
 */
export function createDeadLetters(options: DeadLettersOptions): DeadLetters {
  const { file, maximumBytes, onLost } = options;
  let waiting: string[] = [];
  let writing: Promise<void> | undefined;

  const writeWaiting = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      await append(file, { lines, maximumBytes }).catch((error: unknown) => onLost(lines.length, error));
    }
    writing = undefined;
  };
  return {
    write: (letter) => {
      if (waiting.length >= MAXIMUM_WAITING) return onLost(1, new Error("too many letters wait for the disk"));
      waiting.push(format(letter));
      writing ??= writeWaiting();
    },
    flush: async () => await writing,
  };
}

async function append(
  path: string,
  { lines, maximumBytes }: { readonly lines: readonly string[]; readonly maximumBytes: number },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const size = await stat(path).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size >= maximumBytes) await rename(path, `${path}.1`);
  const handle = await open(path, "a");
  try {
    await handle.appendFile(lines.join(""));
  } finally {
    await handle.close();
  }
}

function format({ receivedAt, transport, sender, source, rejection, item }: DeadLetter): string {
  const { code, reason } = rejection;
  const bytes = Buffer.from(item.subarray(0, KEPT_BYTES)).toString("base64");
  return `${JSON.stringify({ receivedAt, transport, sender, source, code, reason, size: item.length, bytes })}\n`;
}
