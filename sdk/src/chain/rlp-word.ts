import * as z from "zod";

/** A number of at most 256 bits as RLP has it: without leading zeros, and zero as no bytes at all. */
export const rlpWordSchema = z
  .string()
  .regex(/^0x(?!00)(?:[0-9a-f]{2}){0,32}$/, "expected at most 32 bytes without leading zeros")
  .transform((bytes) => (bytes === "0x" ? 0n : BigInt(bytes)));
