import { id } from "ethers";
import * as z from "zod";
import { addressSchema, parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { AdministeredContract } from "./prepare-administration.js";

/** Offices below the administrator: the guardian pauses and suspends; admission and listing exist in the registry only. */
const ROLES = ["GUARDIAN_ROLE", "ADMISSION_ROLE", "LISTING_ROLE"] as const;

/** Who gets or loses which office, where. */
export interface AdministrativeRoleOptions {
  readonly contract: AdministeredContract;
  readonly role: (typeof ROLES)[number];
  readonly account: string;
}

/** What the events of OpenZeppelin's access control say. */
export const roleChangeSchema = z.object({
  /** keccak256 of its name. */
  role: z.string(),
  account: addressSchema,
  /** Who changed it. */
  sender: addressSchema,
});

/** An office that was given or taken. */
export type AdministrativeRoleChange = z.infer<typeof roleChangeSchema>;

/**
 * The arguments of a call that gives or takes an office.
 *
 * @param options - the office and the account
 * @returns hash of the office, and the account
 * @throws PassportError `input.invalid`
 */
export function roleArguments(options: Omit<AdministrativeRoleOptions, "contract">): readonly [string, string] {
  const role = parseInput(z.enum(ROLES), options.role, { field: "role" });
  return [id(role), parseAddress(options.account, { field: "account" })];
}
