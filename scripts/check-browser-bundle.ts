/**
 * Bundles what the SDK has for browsers as a web application would: no module of Node may be reached, and what visitors
 * have to load stays within a budget. A larger budget is a decision, so it stands here.
 */
import { gzipSync } from "node:zlib";
import { formatTable } from "@digital-product-passport/cli/terminal";
import { build } from "esbuild";
import { projectFolder } from "./lib/project-paths.js";

/** Most KiB that an entry may have, minified and compressed, with everything that it needs. */
const BUDGETS = [
  ["@digital-product-passport/sdk", 260],
  ["@digital-product-passport/sdk/encryption", 50],
  ["@digital-product-passport/sdk/label", 70],
  // Proofs rest on the verification of a passport: most of it is the same code as that of the first entry.
  ["@digital-product-passport/sdk/readings", 290],
] as const;

const bundledKibibytes = async (entry: string): Promise<number> => {
  const { outputFiles } = await build({
    // Nothing is left out, as if the application used all of it.
    stdin: { contents: `export * from ${JSON.stringify(entry)};`, resolveDir: projectFolder },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
  });
  return outputFiles.reduce((bytes, { contents }) => bytes + gzipSync(contents).length, 0) / 1_024;
};

const rows = await Promise.all(
  BUDGETS.map(async ([entry, budget]) => ({ entry, budget, size: await bundledKibibytes(entry) })),
);
console.log(
  formatTable(
    rows.map(({ entry, budget, size }) => [entry, size.toFixed(0), String(budget)]),
    { head: ["for browsers", "KiB", "budget"] },
  ),
);
const tooLarge = rows.filter(({ budget, size }) => size > budget).map(({ entry }) => entry);
if (tooLarge.length > 0) {
  console.error(
    `Larger than its budget: ${tooLarge.join(", ")}. Load less, or raise the budget in this script and say why.`,
  );
  process.exitCode = 1;
}
