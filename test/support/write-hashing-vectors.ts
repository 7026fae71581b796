/** Writes test/vectors/hashing.json anew: `npx tsx test/support/write-hashing-vectors.ts`. */
import { writeFile } from "node:fs/promises";
import { hashingVectorsJson } from "./hashing-vectors.js";

await writeFile(new URL("../vectors/hashing.json", import.meta.url), hashingVectorsJson());
