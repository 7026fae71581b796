import { defineDocument } from "./envelope.js";
import { sale } from "./sale.js";

/** The product has a new owner. Both sides name this same document, whose attester is the new owner. */
export const ownershipTransferredSchema = defineDocument("OWNERSHIP_TRANSFERRED", { data: sale });
