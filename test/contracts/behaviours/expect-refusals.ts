import { expect } from "chai";
import type { BaseContract } from "ethers";
import type { DigitalPassport } from "../../../types/ethers-contracts/index.js";
import { expectUntouched } from "./expect-entry.js";

/** Something that is refused: who refuses it, with which error, and the attempt. */
export type Refusal = readonly [contract: BaseContract, error: string, attempt: () => Promise<unknown>];

/**
 * Asserts that each attempt is refused with its error, and that a passport stays as it is.
 *
 * @param passport - the passport
 * @param refusals - the attempts
 */
export async function expectRefusals(passport: DigitalPassport, refusals: readonly Refusal[]): Promise<void> {
  await expectUntouched(passport, async () => {
    for (const [contract, error, attempt] of refusals) {
      await expect(attempt()).to.be.revertedWithCustomError(contract, error);
    }
  });
}
