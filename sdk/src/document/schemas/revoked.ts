import { correction } from "./correction.js";
import { defineDocument } from "./envelope.js";

/** An earlier entry must not be relied on any more. */
export const revokedSchema = defineDocument("REVOKED", { data: correction });
