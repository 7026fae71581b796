import * as z from "zod";
import type { Call } from "../chain/prepare-transaction.js";
import { addressSchema, hexSchema, parseHex } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { SafeTransaction } from "./safe-transaction.js";
import { decimalSchema, encodeSchedule, operationSchema } from "./timelock-operation.js";

/** A signature of an account: r, s, and v as 27 or 28; a Safe takes other v for other kinds of signatures. */
const signatureSchema = hexSchema.refine(
  (hex) => /^0x[0-9a-f]{128}1[bc]$/.test(hex),
  "expected a signature of 65 bytes, whose last one is 27 or 28",
);

const proposalSchema = z
  .strictObject({
    type: z.literal("Proposal"),
    version: z.literal(1),
    chainId: decimalSchema,
    /** The registry whose governance this is. */
    registry: addressSchema,
    safe: addressSchema,
    /** Position among the Safe's transactions. */
    nonce: decimalSchema,
    timelock: addressSchema,
    delaySeconds: decimalSchema,
    operation: operationSchema,
    signatures: z.array(signatureSchema).readonly(),
  })
  .readonly();

/**
 * An operation that a Safe is to schedule, with the signatures gathered so far. It holds nothing but what is signed: what
 * it will change is always worked out from that, never read from the file.
 */
export type Proposal = z.infer<typeof proposalSchema>;

/**
 * Reads a proposal.
 *
 * @param value - the parsed JSON of its file
 * @returns the proposal; nothing of it has been compared with the chain
 * @throws PassportError `input.invalid`, naming the field
 */
export function parseProposal(value: unknown): Proposal {
  return parseInput(proposalSchema, value, { field: "proposal" });
}

/**
 * Writes a proposal.
 *
 * @param proposal - with its signatures
 * @returns the JSON text of its file, with a line break at the end
 */
export function formatProposal(proposal: Proposal): string {
  return `${JSON.stringify(z.encode(proposalSchema, proposal), undefined, 2)}\n`;
}

/**
 * What the owners of the Safe sign.
 *
 * @param proposal - the proposal
 * @returns the Safe's transaction: it schedules the operation on the timelock
 */
export function transactionOf(proposal: Proposal): SafeTransaction {
  const { chainId, nonce, operation, safe, timelock } = proposal;
  const call: Call = { to: timelock, data: parseHex(encodeSchedule(operation, proposal)), valueWei: 0n };
  return { chainId, safe, nonce, call };
}
