import type { Property } from "./compile-proofs.js";
import type { Solver } from "./solver.js";
import { bytesOf, type Code, NotFollowedError, type Outcome, runSymbolically } from "./symbolic-machine.js";
import { createWords, type Word, type Words } from "./words.js";

/** What is found out about a property. */
export type Verdict =
  | { readonly status: "proven"; readonly paths: number }
  | { readonly status: "refuted"; readonly counterexample: Readonly<Record<string, string>> }
  /** No input gets past the assumptions: the property says nothing. */
  | { readonly status: "vacuous" }
  | { readonly status: "undecided"; readonly reason: string };

/** Where the proof contract itself stands. */
const PROOF_ADDRESS = 0x9400fn;

/** Sets the names of arguments, such as `caller`, apart from those of the machine. */
const ARGUMENT = "argument.";

/** First bytes of what a failed assertion, an overflow or a division by zero reverts with. */
const PANIC_SELECTOR = 0x4e487b71n;
const PANIC_LENGTH = 36;

/**
 * Proves that a function of a proof contract panics for no arguments, storage, caller or time, and that some arguments
 * get to its end.
 *
 * @param property - function of a proof contract
 * @param options - solver, and the code that the property is about
 * @returns the verdict; a refutation comes with arguments for which it fails
 */
export async function proveProperty(
  property: Property,
  { solver, codeAt }: { readonly solver: Solver; readonly codeAt: ReadonlyMap<bigint, Code> },
): Promise<Verdict> {
  const words = createWords();
  const inputs = property.parameters.map((name) => words.symbol(`|${ARGUMENT}${name}|`));
  const selector = words.constant(BigInt(`0x${property.selector}`));
  const calldata = [...bytesOf(selector).slice(28), ...inputs.flatMap(bytesOf)];
  const call = {
    code: property.code,
    calldata,
    caller: words.symbol("caller", 160),
    address: words.constant(PROOF_ADDRESS),
    value: words.symbol("value"),
    isStatic: false,
  };
  const world = { storage: words.storage("storage"), path: [] };
  const codes = new Map([...codeAt, [PROOF_ADDRESS, property.code]]);
  try {
    const outcomes = await runSymbolically(call, { world, surroundings: { words, solver, codeAt: codes } });
    return await judge(outcomes, { inputs, solver, words });
  } catch (error) {
    if (error instanceof NotFollowedError) return { status: "undecided", reason: `does not follow ${error.message}` };
    throw error;
  }
}

async function judge(
  outcomes: readonly Outcome[],
  { inputs, solver, words }: { readonly inputs: readonly Word[]; readonly solver: Solver; readonly words: Words },
): Promise<Verdict> {
  for (const outcome of outcomes) {
    const panic = panicOf(outcome, words);
    if (panic.constant === 0n) continue;
    const answer = await solver.solve([...outcome.world.path, { word: panic, isZero: false }], inputs);
    if (answer.status === "unknown") return { status: "undecided", reason: "the solver found no answer in time" };
    if (answer.status === "sat") return { status: "refuted", counterexample: formatValues(answer.values) };
  }
  const ends = outcomes.filter(({ isSuccess }) => isSuccess);
  for (const { world } of ends) {
    const { status } = await solver.solve(world.path, []);
    if (status === "sat") return { status: "proven", paths: outcomes.length };
    if (status === "unknown") return { status: "undecided", reason: "the solver found no input that gets to the end" };
  }
  return { status: "vacuous" };
}

/** Whether a run ended in a panic: an answer that can be anything may be one. */
function panicOf({ isSuccess, data }: Outcome, words: Words): Word {
  if (isSuccess || (data !== undefined && data.length !== PANIC_LENGTH)) return words.constant(0n);
  if (data === undefined) return words.constant(1n);
  return words.apply("EQ", [words.join(data.slice(0, 4)), words.constant(PANIC_SELECTOR)]);
}

function formatValues(values: ReadonlyMap<string, bigint>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...values].map(([name, value]) => [name.slice(ARGUMENT.length), `0x${value.toString(16)}`]),
  );
}
