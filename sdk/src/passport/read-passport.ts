import { conditionInWords, type ManagerNames } from "../chain/manager-names.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import type { Address } from "../primitives/hex.js";
import { parseCloneCode } from "../signing/passport-clone.js";
import type { ReadingContext } from "./context.js";
import { type BlockLevel, type ReadBlock, readAtBlock } from "./read-at-block.js";
import { readCode } from "./read-code.js";
import { readManagerNames } from "./read-manager-names.js";
import { type PassportState, readPassportState } from "./read-passport-state.js";
import { type PassportOption, resolvePassport } from "./resolve-passport.js";

/** The condition of a product. */
export interface Condition {
  /** Bits 0 to 7 belong to the passport, bits 8 to 15 to the brand. */
  readonly bits: bigint;
  /** One word per bit, the lowest first; a bit without a name as hex. */
  readonly inWords: readonly string[];
}

/** A passport as it stood at one block. */
export interface Passport extends Omit<PassportState, "condition"> {
  readonly address: Address;
  /** URL of the product, as it stands in the contract. */
  readonly productId: string;
  /** The manufacturer's contract. */
  readonly manager: Address;
  readonly condition: Condition;
  /** Block at which all of this was read. */
  readonly block: ReadBlock;
}

/**
 * Reads a passport, all of it at one block. What the node says is taken at its word; `verifyPassport` does not.
 *
 * @param context - `provider`, `registry`
 * @param options - `passport`: its address, or the URL of its product; `level`: how settled the block must be,
 *   `sequenced` if left out
 * @returns the passport
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.not-found`, `passport.foreign`, `chain.*`, `contract.*`
 *
 * @example
 * ```ts
 * const { productId, owner, condition } = await readPassport(context, { passport });
 * console.log(`${productId} belongs to ${owner} and is ${condition.inWords.join(", ")}`);
 * ```
 */
export async function readPassport(
  context: Pick<ReadingContext, "provider" | "registry">,
  options: PassportOption & { readonly level?: BlockLevel | undefined },
): Promise<Passport> {
  const { provider } = context;
  const address = await resolvePassport(context, options);
  return await readAtBlock(provider, {
    level: options.level,
    read: async (block) => {
      const clone = parseCloneCode(await readCode(provider, { address, block: block.number }));
      if (clone === undefined) throw new PassportError("passport.foreign", { passport: address });
      const { manager, productId } = clone;
      const [{ condition: bits, ...state }, names] = await Promise.all([
        readPassportState(provider, { passport: address, block: block.number }),
        readNames(context, manager),
      ]);
      return {
        address,
        productId,
        manager,
        ...state,
        condition: { bits, inWords: conditionInWords(bits, names) },
        block,
      };
    },
  });
}

/** A manager that does not answer costs the reader the names, never the rest. */
async function readNames(
  context: Pick<ReadingContext, "provider">,
  manager: Address,
): Promise<ManagerNames | undefined> {
  try {
    return await readManagerNames(context, { manager });
  } catch (error) {
    if (isPassportError(error) && !isPassportError(error, "chain.unreachable")) return undefined;
    throw error;
  }
}
