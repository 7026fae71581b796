import { defineDocument } from "./envelope.js";
import { label } from "./fields.js";
import { sale } from "./sale.js";

/** The owner locked the passport, for a sale or as a security. The entry RELEASED names this document again. */
export const lockedSchema = defineDocument("LOCKED", { data: sale.extend({ purpose: label }) });
