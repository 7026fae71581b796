import { correction } from "./correction.js";
import { defineDocument } from "./envelope.js";
import { text } from "./fields.js";

/** An earlier entry says something wrong; this is what it should say. */
export const correctedSchema = defineDocument("CORRECTED", { data: correction.extend({ correction: text }) });
