import { askNode } from "../chain/ask-node.js";
import { IManufacturerManager__factory } from "../contracts/index.js";
import { type Address, parseAddress } from "../primitives/hex.js";
import { requireManager, type WritingContext } from "./context.js";

/** How much an issuer may issue. All numbers are passports. */
export interface Issuing {
  /** An hour, of this issuer; 0: he is none. */
  readonly perHour: bigint;
  /** Last second, Unix time. */
  readonly validUntil: bigint;
  /** At this moment; the limit refills within an hour. */
  readonly available: bigint;
  /** An hour, of all issuers of the manager together. */
  readonly managerPerHour: bigint;
  /** Sum of all issuers' limits an hour; what is missing to `managerPerHour` can still be given to somebody. */
  readonly allottedPerHour: bigint;
  /** The factory that the manager issues with. */
  readonly factory: Address;
}

/**
 * Reads how much an issuer may issue, and how much of it is left.
 *
 * @param context - `provider`, `manager`
 * @param options - `issuer`: the account
 * @returns limits, and what is left
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function readIssuing(
  context: Pick<WritingContext, "provider" | "manager">,
  options: { readonly issuer: string },
): Promise<Issuing> {
  const { provider } = context;
  const issuer = parseAddress(options.issuer, { field: "issuer" });
  const contract = IManufacturerManager__factory.connect(requireManager(context), provider);
  const [{ perHour, validUntil }, available, managerPerHour, allottedPerHour, factory] = await askNode(provider, () =>
    Promise.all([
      contract.issuingLimitOf(issuer),
      contract.issuableBy(issuer),
      contract.issuingCap(),
      contract.issuingAllotted(),
      contract.factory(),
    ]),
  );
  return { perHour, validUntil, available, managerPerHour, allottedPerHour, factory: parseAddress(factory) };
}
