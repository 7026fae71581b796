import { askNode } from "../chain/ask-node.js";
import { DigitalPassport__factory, PassportRegistry__factory } from "../contracts/index.js";
import { PassportError } from "../errors/passport-error.js";
import { type Address, parseAddress } from "../primitives/hex.js";
import type { ReadingContext } from "./context.js";
import { findPassport } from "./find-passport.js";

/** Which passport an action works on. */
export interface PassportOption {
  /** Address of the passport, or the URL of its product. */
  readonly passport: string;
}

/** A passport and the product that it speaks of. */
export interface ResolvedPassport {
  readonly passport: Address;
  readonly productId: string;
}

/**
 * Finds the address of a passport that the registry knows.
 *
 * @param context - `provider`, `registry`
 * @param options - `passport`: its address, or the URL of its product
 * @returns the address
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.not-found`, `passport.foreign`, `chain.*`
 */
export async function resolvePassport(
  context: Pick<ReadingContext, "provider" | "registry">,
  { passport }: PassportOption,
): Promise<Address> {
  if (isProductId(passport)) return await findPassport(context, { productId: passport });
  const address = parseAddress(passport, { field: "passport" });
  const { provider, registry } = context;
  const contract = PassportRegistry__factory.connect(registry, provider);
  // Nobody pays for a call of a contract that only claims to be a passport.
  if (await askNode(provider, () => contract.isPassport(address))) return address;
  throw new PassportError("passport.foreign", { passport: address });
}

/**
 * Finds a passport that the registry knows, and the product that it speaks of.
 *
 * @param context - `provider`, `registry`
 * @param options - `passport`: its address, or the URL of its product
 * @returns both
 * @throws PassportError `input.invalid`, `identifier.*`, `passport.not-found`, `passport.foreign`, `chain.*`
 */
export async function resolveProduct(
  context: Pick<ReadingContext, "provider" | "registry">,
  options: PassportOption,
): Promise<ResolvedPassport> {
  const { provider } = context;
  if (isProductId(options.passport)) {
    return { passport: await resolvePassport(context, options), productId: options.passport };
  }
  const contract = DigitalPassport__factory.connect(parseAddress(options.passport, { field: "passport" }), provider);
  const asked = askNode(provider, () => contract.productId());
  // What no passport answers is nobody's concern: that it is none, is told first.
  asked.catch(() => undefined);
  return { passport: await resolvePassport(context, options), productId: await asked };
}

function isProductId(passport: string): boolean {
  return typeof passport === "string" && /^https:/i.test(passport);
}
