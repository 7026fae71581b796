import { stdout } from "node:process";
import pc from "picocolors";

/** Colours for a terminal; none where the output goes to a file or another program. */
export const colours = pc.createColors(pc.isColorSupported && stdout.isTTY === true);
