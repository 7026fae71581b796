import type * as z from "zod";
import { askNode } from "../chain/ask-node.js";
import { managerInterface } from "../chain/contract-interfaces.js";
import { conditionInWords, OWNER_ROLE } from "../chain/manager-names.js";
import type { PreparedTransaction } from "../chain/prepare-transaction.js";
import { DigitalPassport__factory } from "../contracts/index.js";
import { PassportError } from "../errors/passport-error.js";
import { type Address, parseAddress } from "../primitives/hex.js";
import type { WritingContext } from "./context.js";
import { requireManager } from "./context.js";
import { prepareAdministration } from "./prepare-administration.js";
import { readManagerNames } from "./read-manager-names.js";

/** A condition has 16 bits: eight of every passport, eight of the brand. */
const CONDITION_BITS = Array.from({ length: 16 }, (_, index) => 1n << BigInt(index));

/** A call of a manager that changes its rules or its stakeholders. */
export interface ManagementCall<Schema extends z.ZodType> {
  readonly manager: Address;
  /** Encoded call. */
  readonly data: string;
  /** Name of the event that says what was done. */
  readonly event: string;
  /** What the event says. */
  readonly schema: Schema;
}

/**
 * Prepares a call of a manager.
 *
 * @param context - what writing actions work on
 * @param call - the call, and the event that tells its result
 * @returns the prepared transaction; its result is what the event says
 */
export function prepareManagement<Schema extends z.ZodType>(
  context: WritingContext,
  call: ManagementCall<Schema>,
): PreparedTransaction<z.infer<Schema>> {
  const { manager, ...rest } = call;
  return prepareAdministration(context, {
    ...rest,
    contract: manager,
    contractInterface: managerInterface,
    names: () => readManagerNames(context, { manager }),
  });
}

/**
 * The manager that says who may do what with a passport.
 *
 * @param context - `provider`, `manager`
 * @param options - `passport`: its address; the context's manager counts where none is given
 * @returns address of the manager
 * @throws PassportError `input.invalid`, `chain.*`
 */
export async function resolveManager(
  context: WritingContext,
  { passport }: { readonly passport: Address | undefined },
): Promise<Address> {
  if (passport === undefined) return requireManager(context);
  const contract = DigitalPassport__factory.connect(passport, context.provider);
  return parseAddress(await askNode(context.provider, () => contract.manager()));
}

/**
 * Looks up the bits of roles.
 *
 * @param context - `provider`
 * @param options - `manager`: whose roles; `roles`: their names, such as TECHNICIAN
 * @returns one bit per role
 * @throws PassportError `role.unknown`, `chain.*`
 */
export async function readRoleBits(
  context: Pick<WritingContext, "provider">,
  options: { readonly manager: Address; readonly roles: readonly string[] },
): Promise<bigint> {
  const { manager, roles } = options;
  const names = await readManagerNames(context, { manager });
  const bits = new Map([...names.roles, [OWNER_ROLE, "OWNER"] as const].map(([bit, name]) => [name, bit] as const));
  return roles.reduce((sum, role) => {
    const bit = bits.get(role);
    if (bit !== undefined) return sum | bit;
    throw new PassportError("role.unknown", { manager, role, known: [...bits.keys()].join(", ") });
  }, 0n);
}

/**
 * Looks up the bits of conditions.
 *
 * @param context - `provider`
 * @param options - `manager`: whose conditions; `conditions`: their names, such as ISSUED or IN_SERVICE
 * @returns one bit per condition
 * @throws PassportError `condition.unknown`, `chain.*`
 */
export async function readConditionBits(
  context: Pick<WritingContext, "provider">,
  options: { readonly manager: Address; readonly conditions: readonly string[] },
): Promise<bigint> {
  const { conditions, manager } = options;
  const names = await readManagerNames(context, { manager });
  const bits = new Map(
    CONDITION_BITS.flatMap((bit) => conditionInWords(bit, names).map((name) => [name, bit] as const)),
  );
  return conditions.reduce((sum, condition) => {
    const bit = bits.get(condition);
    if (bit !== undefined) return sum | bit;
    const known = [...bits.keys()].filter((name) => !name.startsWith("0x")).join(", ");
    throw new PassportError("condition.unknown", { manager, condition, known });
  }, 0n);
}
