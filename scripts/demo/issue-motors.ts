import { issueRows, type ProductRow, type RowOutcome } from "@digital-product-passport/cli/issuing";
import { createProgressBar } from "@digital-product-passport/cli/terminal";
import { type Address, createMemoryJournal, PassportError } from "@digital-product-passport/sdk";
import { type Cost, costOfTransaction } from "../lib/cost-of-transaction.js";
import type { Stage } from "./set-stage.js";

/** Serial number of the sample motor whose life the documents tell. */
export const SAMPLE_SERIAL = "W22-2600851";

/** A motor that has its passport. */
export interface Motor {
  readonly productId: string;
  readonly passport: Address;
}

/** What was issued, and for how much. */
export interface IssuedMotors {
  readonly motors: readonly Motor[];
  /** Of each transaction; they issue many passports each. */
  readonly costs: readonly Cost[];
}

/**
 * Issues a passport for each product of a file.
 *
 * @param stage - with the contracts
 * @param options - `rows`: of the file
 * @returns the motors
 * @throws PassportError `input.invalid` for a row that cannot be issued, `chain.*`, `store.*`
 */
export async function issueMotors(
  stage: Stage,
  { rows }: { readonly rows: readonly ProductRow[] },
): Promise<IssuedMotors> {
  const { clientOf, network, wallets } = stage;
  const progress = createProgressBar("   Issuing", { total: rows.length });
  const { outcomes, interruption } = await issueRows(clientOf("issuer").context, rows, {
    owner: wallets.owner.address,
    journal: createMemoryJournal(),
    onOutcome: progress.step,
  }).finally(progress.stop);
  if (interruption !== undefined) throw interruption;

  const issued = outcomes.map(requireIssued);
  const transactions = [...new Set(issued.map(({ transactionHash }) => transactionHash))];
  return {
    motors: issued.map(({ productId, passport }) => ({ productId, passport })),
    costs: await Promise.all(
      transactions.map((transactionHash) => costOfTransaction(network.provider, { transactionHash })),
    ),
  };
}

/** Each has its part in the demonstration. */
export interface ChosenMotors {
  /** Lives its life. */
  readonly motor: Motor;
  /** Stays new. */
  readonly otherMotor: Motor;
  /** Runs hot, with a sensor on it. */
  readonly hot: Motor;
  /** Runs as it should, with a sensor on it. */
  readonly normal: Motor;
}

/**
 * Chooses the motors that have a part.
 *
 * @param issued - at least four motors
 * @returns four of them; of the sample motors, the one whose certificate comes with them lives its life
 * @throws PassportError `input.invalid` if there are fewer
 */
export function chooseMotors({ motors }: IssuedMotors): ChosenMotors {
  const motor = motors.find(({ productId }) => productId.endsWith(`/${SAMPLE_SERIAL}`)) ?? motors[0];
  const [otherMotor, hot, normal] = motors.filter((candidate) => candidate !== motor);
  if (motor !== undefined && otherMotor !== undefined && hot !== undefined && normal !== undefined) {
    return { motor, otherMotor, hot, normal };
  }
  throw new PassportError("input.invalid", {
    field: "motors",
    problem: "at least four are needed",
    value: motors.length,
  });
}

function requireIssued(outcome: RowOutcome): Extract<RowOutcome, { readonly status: "issued" }> {
  if (outcome.status === "issued") return outcome;
  const problems = outcome.status === "refused" ? outcome.problems : [];
  const problem = problems.map(({ field, reason }) => `${field}: ${reason}`).join("; ") || "it was not issued";
  throw new PassportError("input.invalid", { field: `line ${outcome.line}`, problem, value: outcome.productId });
}
