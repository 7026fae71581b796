import * as z from "zod";

/** Bytes as a platform hands them out: a buffer, or a view of one. */
export const bytesSchema = z
  .union([z.instanceof(ArrayBuffer), z.instanceof(Uint8Array)], "expected bytes")
  .transform((bytes) => new Uint8Array(bytes));
