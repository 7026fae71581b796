import { PassportError } from "../errors/passport-error.js";

/** Gives back what was claimed. */
export type Release = () => Promise<void>;

/**
 * Where a process writes down what it has promised, so that it can keep the promise after a crash. Records are JSON
 * values; what they mean is the business of whoever writes them.
 */
export interface Journal {
  /** How it is called in errors, such as its path. */
  readonly name: string;
  /**
   * Adds records, all of them or none. They are durable when the promise is fulfilled; calls at the same time share one
   * write. After a failure the journal takes nothing more until it is opened again.
   *
   * @throws PassportError `journal.unusable`
   */
  readonly append: (records: readonly unknown[]) => Promise<void>;
  /**
   * Reads all records, the oldest first.
   *
   * @throws PassportError `journal.damaged`, `journal.unusable`
   */
  readonly read: () => AsyncIterable<unknown>;
  /**
   * Forgets what is no longer needed. What is appended meanwhile is kept.
   *
   * @throws PassportError `journal.damaged`, `journal.unusable`
   */
  readonly compact: (isKept: (record: unknown) => boolean) => Promise<void>;
  /** Bytes that it takes now. */
  readonly size: () => number;
  /**
   * Takes something that only one user may have at a time, until it is released, the journal is closed or the process ends.
   *
   * @returns releases it
   * @throws PassportError `journal.in-use`
   */
  readonly claim: (name: string) => Promise<Release>;
  /** Ends it and gives back what was claimed. */
  readonly close: () => Promise<void>;
}

/** Names claimed in this process by journals that no other process can see. */
const claimedNames = new Set<string>();
let memoryJournals = 0;

/**
 * Makes a journal that lives as long as the process: for tests, and for work that may be lost. Records are copied as JSON,
 * as a file would.
 *
 * @returns the journal
 */
export function createMemoryJournal(): Journal {
  let lines: readonly string[] = [];
  const claims = new Set<string>();
  return {
    name: `number ${++memoryJournals} in memory`,
    append: async (records) => {
      lines = [...lines, ...records.map((record) => JSON.stringify(record))];
    },
    read: async function* () {
      for (const line of lines) yield JSON.parse(line);
    },
    compact: async (isKept) => {
      lines = lines.filter((line) => isKept(JSON.parse(line)));
    },
    size: () => lines.reduce((size, line) => size + line.length, 0),
    claim: async (name) => {
      if (claimedNames.has(name)) throw new PassportError("journal.in-use", { name });
      claimedNames.add(name);
      claims.add(name);
      return async () => {
        // Released twice, it must not take the name from whoever has it then.
        if (claims.delete(name)) claimedNames.delete(name);
      };
    },
    close: async () => {
      for (const name of claims) claimedNames.delete(name);
      claims.clear();
    },
  };
}
