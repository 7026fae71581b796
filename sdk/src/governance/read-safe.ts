import { Contract } from "ethers";
import * as z from "zod";
import { askNode } from "../chain/ask-node.js";
import { safeInterface } from "../chain/contract-interfaces.js";
import type { ReadingContext } from "../passport/context.js";
import { type Address, addressSchema, parseAddress } from "../primitives/hex.js";

/** Where a Safe's list of modules begins. */
const FIRST_MODULE = "0x0000000000000000000000000000000000000001";

const answerSchema = z.tuple([z.array(addressSchema), z.bigint(), z.bigint(), z.array(addressSchema)]);

/** Who speaks for a Safe. */
export interface Safe {
  readonly owners: readonly Address[];
  /** How many of them have to sign. */
  readonly threshold: bigint;
  /** Position of its next transaction. */
  readonly nonce: bigint;
  /** Contracts that may act in its name without any signature; a governing Safe has none. */
  readonly modules: readonly Address[];
}

/**
 * Reads who speaks for a Safe.
 *
 * @param context - `provider`
 * @param options - `safe`: its address
 * @returns owners, threshold, next nonce and modules
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function readSafe(
  { provider }: Pick<ReadingContext, "provider">,
  options: { readonly safe: string },
): Promise<Safe> {
  const contract = new Contract(parseAddress(options.safe, { field: "safe" }), safeInterface, provider);
  const ask = (name: string, ...given: readonly unknown[]) => contract.getFunction(name).staticCall(...given);
  const [owners, threshold, nonce, modules] = await askNode(provider, async () =>
    answerSchema.parse([
      ...(await Promise.all([
        ask("getOwners").then((answer) => [...answer]),
        ask("getThreshold"),
        ask("nonce"),
        ask("getModulesPaginated", FIRST_MODULE, 10n).then(([list]) => [...list]),
      ])),
    ]),
  );
  return { owners, threshold, nonce, modules };
}
