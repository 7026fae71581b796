import { init, killThreads, Z3_error_code, Z3_lbool } from "z3-solver";
import type { Word } from "./words.js";

/** Holds where the word is not zero, or with `isZero` where it is. */
export interface Condition {
  readonly word: Word;
  readonly isZero: boolean;
}

/** Whether conditions can hold together; with the values of the inputs that make them hold. */
export type Satisfiability =
  | { readonly status: "sat"; readonly values: ReadonlyMap<string, bigint> }
  | { readonly status: "unsat" | "unknown" };

/** A satisfiability solver for words. */
export interface Solver {
  readonly solve: (conditions: readonly Condition[], inputs: readonly Word[]) => Promise<Satisfiability>;
  readonly close: () => Promise<void>;
}

/**
 * Starts Z3, compiled to WebAssembly.
 *
 * @param options - milliseconds after which a question counts as not decided
 * @returns the solver; close it, else its threads keep the process alive
 */
export async function startSolver({ timeout }: { readonly timeout: number }): Promise<Solver> {
  const { Z3, em } = await init();
  const configuration = Z3.mk_config();
  Z3.set_param_value(configuration, "timeout", String(timeout));

  const decide = async (question: string, inputs: readonly Word[]): Promise<Satisfiability> => {
    const context = Z3.mk_context(configuration);
    try {
      const solver = Z3.mk_solver(context);
      Z3.solver_inc_ref(context, solver);
      // Not eval_smtlib2_string: it lets go of its text before another thread has read it.
      Z3.solver_from_string(context, solver, question);
      const error = Z3.get_error_code(context);
      if (error !== Z3_error_code.Z3_OK) throw new Error(`Z3 does not understand: ${Z3.get_error_msg(context, error)}`);
      const answer = await Z3.solver_check(context, solver);
      if (answer === Z3_lbool.Z3_L_FALSE) return { status: "unsat" };
      if (answer === Z3_lbool.Z3_L_UNDEF) return { status: "unknown" };
      const model = Z3.model_to_string(context, Z3.solver_get_model(context, solver));
      return { status: "sat", values: valuesOf(inputs, model) };
    } finally {
      Z3.del_context(context);
    }
  };

  return {
    solve: (conditions, inputs) => decide(formatQuestion(conditions, inputs), inputs),
    close: () => killThreads(em),
  };
}

/** SMT-LIB 2.6, theory of fixed-size bit vectors with arrays. */
function formatQuestion(conditions: readonly Condition[], inputs: readonly Word[]): string {
  const definitions = definitionsOf([...conditions.map(({ word }) => word), ...inputs]);
  const assertions = conditions.map(({ word, isZero }) => {
    const isNothing = `(= ${word.name} (_ bv0 256))`;
    return `(assert ${isZero ? isNothing : `(not ${isNothing})`})`;
  });
  const flag = "(define-fun flag ((b Bool)) (_ BitVec 256) (ite b (_ bv1 256) (_ bv0 256)))";
  return `${[flag, ...definitions, ...assertions].join("\n")}\n`;
}

/** Operands before what is made of them. */
function definitionsOf(roots: readonly Word[]): readonly string[] {
  const definitions: string[] = [];
  const seen = new Set<Word>();
  const visit = (word: Word): void => {
    if (seen.has(word)) return;
    seen.add(word);
    word.operands.forEach(visit);
    if (word.definition !== undefined) definitions.push(word.definition);
  };
  roots.forEach(visit);
  return definitions;
}

/** The model leaves out what does not matter. */
function valuesOf(inputs: readonly Word[], model: string): ReadonlyMap<string, bigint> {
  const found = new Map<string, bigint>();
  for (const [, name = "", base, digits = ""] of model.matchAll(/^(\S+) -> #([xb])([0-9a-f]+)$/gm)) {
    found.set(name, BigInt(`0${base}${digits}`));
  }
  return new Map(inputs.map(({ name }) => [name.replaceAll("|", ""), found.get(name.replaceAll("|", "")) ?? 0n]));
}
