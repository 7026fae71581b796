import type { SendingContext } from "../chain/prepare-transaction.js";
import type { PassportError } from "../errors/passport-error.js";
import { createSubmitter, type SubmitterOptions } from "./create-submitter.js";
import type { Item, Recorded } from "./item-kind.js";
import { persist } from "./persist.js";

/** What a source turns out to be. */
export type Intake<Payload, Result> =
  | { readonly status: "accepted"; readonly item: Item<Payload> }
  /** The chain has it already. */
  | ({ readonly status: "recorded"; readonly id: string } & Recorded<Result>)
  | { readonly status: "refused"; readonly id: string; readonly error: PassportError };

/** What became of a source. */
export type Outcome<Result> = {
  /** Place in the sources, from 0. */
  readonly position: number;
  readonly id: string;
} & (
  | ({ readonly status: "recorded" } & Recorded<Result>)
  | { readonly status: "refused"; readonly error: PassportError }
);

/** How sources are submitted. */
export interface SubmitAllOptions<Source, Payload, Result>
  extends Omit<SubmitterOptions<Payload, Result>, "onReceipt"> {
  /** Read only as fast as they are submitted. */
  readonly sources: AsyncIterable<Source> | Iterable<Source>;
  /** Checks a source; an outage is waited out. */
  readonly takeIn: (source: Source) => Promise<Intake<Payload, Result>>;
  /** The refusal of an id that came a moment ago. */
  readonly comesTwice: (id: string) => PassportError;
  /** Told about each source once it is sequenced or refused. */
  readonly onOutcome: (outcome: Outcome<Result>) => void | Promise<void>;
  /** What to wait for at the end; `sequenced` if left out. */
  readonly level?: "sequenced" | "finalized" | undefined;
}

/** Sources that are checked, and items that are written down, at the same time. */
const AT_THE_SAME_TIME = 64;

/**
 * Submits everything that a source yields, with a journal: after a crash the same call with the same journal and sources
 * goes on, and nothing is done twice. What an earlier call has left in the journal is finished first.
 *
 * @param context - provider and chain id
 * @param options - sources, kind of items, journal, signers
 * @throws PassportError as `createSubmitter` and its submitter do
 */
export async function submitAll<Source, Payload, Result>(
  context: SendingContext,
  options: SubmitAllOptions<Source, Payload, Result>,
): Promise<void> {
  const { sources, takeIn, comesTwice, onOutcome, level } = options;
  const positions = new Map<string, number>();
  const abort = new AbortController();
  const milliseconds = options.patienceMilliseconds ?? Number.POSITIVE_INFINITY;
  const patience = { milliseconds, signal: abort.signal, onProblem: options.onProblem ?? (() => undefined) };

  const submitter = await createSubmitter<Payload, Result>(context, {
    ...options,
    onReceipt: async (receipt) => {
      const { id, status } = receipt;
      const position = positions.get(id);
      if (position === undefined || (status !== "sequenced" && status !== "refused")) return;
      positions.delete(id);
      if (receipt.status === "refused") await onOutcome({ ...receipt, position });
      else if (receipt.status === "sequenced") await onOutcome({ ...receipt, status: "recorded", position });
    },
  });
  try {
    await submitter.flush();
    const handOn = async (intake: Intake<Payload, Result>, position: number): Promise<void> => {
      if (intake.status !== "accepted") return await onOutcome({ ...intake, position });
      const { id } = intake.item;
      if (positions.has(id)) return await onOutcome({ status: "refused", id, error: comesTwice(id), position });
      positions.set(id, position);
      await submitter.submit(intake.item);
    };
    const checked = inOrder(sources, (source) => persist(() => takeIn(source), patience));
    for await (const _ of inOrder(checked, handOn));
    await submitter.flush(level);
  } finally {
    abort.abort();
    await submitter.close();
  }
}

/** Works on several at the same time, but begins and ends in their order. */
async function* inOrder<Source, Result>(
  sources: AsyncIterable<Source> | Iterable<Source>,
  work: (source: Source, position: number) => Promise<Result>,
): AsyncGenerator<Result> {
  const working: Promise<Result>[] = [];
  let position = 0;
  for await (const source of sources) {
    const result = work(source, position++);
    // It is awaited later; until then its failure must not end the process.
    result.catch(() => undefined);
    working.push(result);
    const [first] = working;
    if (working.length < AT_THE_SAME_TIME || first === undefined) continue;
    working.shift();
    yield await first;
  }
  for (const result of working) yield await result;
}
