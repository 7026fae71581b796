import type { Property } from "./compile-proofs.js";
import type { Solver } from "./solver.js";
import { bytesOf, type Code, NotFollowedError, type Outcome, runSymbolically } from "./symbolic-machine.js";
import { type Byte, createWords, type Word } from "./words.js";

/** What is found out about a property. */
export type Verdict =
  | { readonly status: "proven"; readonly paths: number }
  | { readonly status: "refuted"; readonly counterexample: Readonly<Record<string, string>> }
  /** No input gets past the assumptions: the property says nothing. */
  | { readonly status: "vacuous" }
  | { readonly status: "undecided"; readonly reason: string };

/** Where the proof contract itself stands. */
const PROOF_ADDRESS = 0x9400fn;

/** First bytes of what a failed assertion, an overflow or a division by zero reverts with. */
const PANIC_SELECTOR = [0x4e, 0x48, 0x7b, 0x71];

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
  const inputs = property.parameters.map((name) => words.symbol(`|${name}|`));
  const selector = words.constant(BigInt(`0x${property.selector}`));
  const calldata = [...bytesOf(selector).slice(28), ...inputs.flatMap(bytesOf)];
  const call = {
    code: property.code,
    calldata,
    caller: words.symbol("caller", 160),
    address: words.constant(PROOF_ADDRESS),
  };
  const world = { storage: words.storage("storage"), path: [] };
  const codes = new Map([...codeAt, [PROOF_ADDRESS, property.code]]);
  try {
    const outcomes = await runSymbolically(call, { world, surroundings: { words, solver, codeAt: codes } });
    return await judge(outcomes, { inputs, solver });
  } catch (error) {
    if (error instanceof NotFollowedError) return { status: "undecided", reason: `does not follow ${error.message}` };
    throw error;
  }
}

async function judge(
  outcomes: readonly Outcome[],
  { inputs, solver }: { readonly inputs: readonly Word[]; readonly solver: Solver },
): Promise<Verdict> {
  for (const { world } of outcomes.filter(isPanic)) {
    const answer = await solver.solve(world.path, inputs);
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

function isPanic({ isSuccess, data }: Outcome): boolean {
  if (isSuccess) return false;
  return (
    data === undefined || (data.length === 36 && PANIC_SELECTOR.every((value, index) => hasValue(data[index], value)))
  );
}

function hasValue(byte: Byte | undefined, value: number): boolean {
  if (byte?.word.constant === undefined) return false;
  return ((byte.word.constant >> BigInt(248 - 8 * byte.index)) & 0xffn) === BigInt(value);
}

function formatValues(values: ReadonlyMap<string, bigint>): Readonly<Record<string, string>> {
  return Object.fromEntries([...values].map(([name, value]) => [name, `0x${value.toString(16)}`]));
}
