import { type FileHandle, mkdir, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "@digital-product-passport/sdk/node";
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
  /** Fulfilled when the letter is durable, or counted as lost; never rejected. Letters at the same time share one write. */
  readonly write: (letter: DeadLetter) => Promise<void>;
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
  let turn: Promise<void> = Promise.resolve();

  const writeWaiting = async (): Promise<void> => {
    const lines = waiting;
    waiting = [];
    await append(file, { lines, maximumBytes }).catch((error: unknown) => onLost(lines.length, error));
  };
  return {
    write: async (letter) => {
      if (waiting.length >= MAXIMUM_WAITING) return onLost(1, new Error("too many letters wait for the disk"));
      waiting.push(format(letter));
      // The others that wait are written in the same turn.
      if (waiting.length === 1) turn = turn.then(writeWaiting);
      await turn;
    },
    flush: () => turn,
  };
}

async function append(
  path: string,
  { lines, maximumBytes }: { readonly lines: readonly string[]; readonly maximumBytes: number },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const size = await sizeOf(path);
  const isFull = size >= maximumBytes;
  if (isFull) await rename(path, `${path}.1`);
  const file = await open(path, "a+");
  try {
    const isNew = size === 0 || isFull;
    if (isNew) await syncFolder(dirname(path));
    const beginning = isNew || (await endsInLine(file, size)) ? "" : "\n";
    await file.appendFile(beginning + lines.join(""));
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  return await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** After a crash or a full disk the last line may be torn: the next letter must not become a part of it. */
async function endsInLine(file: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(1), { position: size - 1 });
  return buffer.toString() === "\n";
}

function format({ receivedAt, transport, sender, source, rejection, item }: DeadLetter): string {
  const { code, reason } = rejection;
  const bytes = Buffer.from(item.subarray(0, KEPT_BYTES)).toString("base64");
  return `${JSON.stringify({ receivedAt, transport, sender, source, code, reason, size: item.length, bytes })}\n`;
}
