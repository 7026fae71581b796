import * as z from "zod";
import { count, text } from "./fields.js";

/** Which entry of the same passport is meant, and why. */
export const correction = z.strictObject({ sequence: count, reason: text });
