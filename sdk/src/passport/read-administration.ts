import { askNode } from "../chain/ask-node.js";
import { PassportRegistry__factory } from "../contracts/index.js";
import { type Address, parseAddress } from "../primitives/hex.js";
import type { WritingContext } from "./context.js";
import { type AdministeredContract, administeredAddress } from "./prepare-administration.js";

/** Who administers a contract. */
export interface Administration {
  /** Undefined: nobody any more. */
  readonly administrator: Address | undefined;
  /** Seconds that a transfer has to wait. */
  readonly delaySeconds: bigint;
  /** A transfer that was begun; undefined without one. */
  readonly pending: { readonly newAdministrator: Address; readonly acceptableFrom: bigint } | undefined;
}

/**
 * Reads who administers the registry or the manager, and to whom that is being handed over.
 *
 * @param context - `provider`, `registry`, `manager`
 * @param options - `contract`: which of them
 * @returns the administration
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function readAdministration(
  context: Pick<WritingContext, "provider" | "registry" | "manager">,
  options: { readonly contract: AdministeredContract },
): Promise<Administration> {
  const { provider } = context;
  // The administration is OpenZeppelin's, and the same in every manager.
  const contract = PassportRegistry__factory.connect(administeredAddress(context, options.contract), provider);
  const [administrator, delaySeconds, { newAdmin, schedule }] = await askNode(provider, () =>
    Promise.all([contract.defaultAdmin(), contract.defaultAdminDelay(), contract.pendingDefaultAdmin()]),
  );
  return {
    administrator: BigInt(administrator) === 0n ? undefined : parseAddress(administrator),
    delaySeconds,
    pending: schedule === 0n ? undefined : { newAdministrator: parseAddress(newAdmin), acceptableFrom: schedule },
  };
}
