import { getBytes } from "ethers";
import type { Estimate } from "../chain/prepare-transaction.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import type { Address } from "../primitives/hex.js";

/** Most gas that one transaction may use: a quarter of what Arbitrum's sequencer takes. */
export const MAXIMUM_GAS = 8_000_000n;
/** Most bytes of one call: a third of what Arbitrum's sequencer takes. */
export const MAXIMUM_BYTES = 30_000;

/** A call that records items. */
export interface PackedCall {
  readonly to: Address;
  readonly data: string;
}

/** How items become a call, and what it costs. */
export interface PackingOptions<Item> {
  readonly encode: (items: readonly Item[]) => PackedCall;
  /** Asks the chain; throws what it refuses the call with. */
  readonly estimate: (call: PackedCall) => Promise<Estimate>;
  /** Which of the items the refusal is about, if it tells. */
  readonly blame: (refusal: PassportError, items: readonly Item[]) => number | undefined;
  /** Name of an item in errors. */
  readonly nameOf: (item: Item) => string;
}

/** A call that the chain would take; or the first item, which it would not take even alone. */
export type Packing<Item> =
  | {
      readonly status: "packed";
      readonly items: readonly Item[];
      readonly call: PackedCall;
      readonly estimate: Estimate;
    }
  | { readonly status: "refused"; readonly item: Item; readonly error: PassportError };

/**
 * Packs as many of the first items as one transaction can hold. If the chain refuses them, those before
 * the one to blame are tried, or half of them, until some are taken or the first one is to blame.
 *
 * @param items - at least one, in their order
 * @param options - how to encode and estimate them
 * @returns the packed call, or the item that is to blame
 * @throws what `estimate` throws other than a refusal
 */
export async function packItems<Item>(
  items: readonly [Item, ...Item[]],
  options: PackingOptions<Item>,
): Promise<Packing<Item>> {
  const [first] = items;
  const call = options.encode(items);
  const attempt = await estimateWithin(call, options);
  if (attempt.status === "fits") return { status: "packed", items, call, estimate: attempt.estimate };

  const count =
    attempt.status === "refused" ? countBefore(attempt.error, items, options) : items.length * attempt.share;
  if (items.length > 1 && count > 0) {
    const fewer = Math.min(items.length - 1, Math.max(1, Math.floor(count)));
    return await packItems([first, ...items.slice(1, fewer)], options);
  }
  if (attempt.status === "refused") return { status: "refused", item: first, error: attempt.error };
  const { actual, maximum } = attempt;
  const error = new PassportError("submission.too-large", { id: options.nameOf(first), actual, maximum });
  return { status: "refused", item: first, error };
}

/** How many may be good: those before the one to blame, or else half of them. */
function countBefore<Item>(refusal: PassportError, items: readonly Item[], { blame }: PackingOptions<Item>): number {
  const guilty = blame(refusal, items);
  return guilty !== undefined && guilty >= 0 && guilty < items.length ? guilty : items.length / 2;
}

type Attempt =
  | { readonly status: "fits"; readonly estimate: Estimate }
  /** `share`: how much of it to try next. */
  | { readonly status: "too-large"; readonly share: number; readonly actual: string; readonly maximum: string }
  | { readonly status: "refused"; readonly error: PassportError };

async function estimateWithin<Item>(call: PackedCall, { estimate }: PackingOptions<Item>): Promise<Attempt> {
  const bytes = getBytes(call.data).length;
  if (bytes > MAXIMUM_BYTES) return tooLarge(bytes, MAXIMUM_BYTES, "bytes");
  try {
    const estimated = await estimate(call);
    if (estimated.gasLimit <= MAXIMUM_GAS) return { status: "fits", estimate: estimated };
    return tooLarge(Number(estimated.gasLimit), Number(MAXIMUM_GAS), "gas");
  } catch (error) {
    if (isRefusal(error)) return { status: "refused", error };
    throw error;
  }
}

function tooLarge(actual: number, maximum: number, unit: string): Attempt {
  return { status: "too-large", share: maximum / actual, actual: `${actual} ${unit}`, maximum: `${maximum} ${unit}` };
}

/**
 * Whether a node's answer speaks against the call itself.
 *
 * @param error - what was caught
 * @returns false for outages, and for what an account that is not funded gets
 */
export function isRefusal(error: unknown): error is PassportError {
  if (!isPassportError(error)) return false;
  if (error.code.startsWith("contract.")) return true;
  return error.code === "chain.request-refused" && !/allowance|funds/i.test(String(error.details["problem"]));
}
