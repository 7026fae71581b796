import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { z } from "zod";
import { projectRoot } from "../support/project-files.js";

const snapshotSchema = z.object({ rows: z.array(z.object({ operation: z.string(), gas: z.int() })) });

describe("README.md", () => {
  it("gas of every operation that it shows, is the measured one", async () => {
    const readme = await readFile(join(projectRoot, "README.md"), "utf8");
    const snapshot = await readFile(join(projectRoot, "benchmarks", "results", "gas.json"), "utf8");
    const { rows } = snapshotSchema.parse(JSON.parse(snapshot));
    const shown = rows.filter(({ operation }) => !/^append-(any-position|relay-\d+)$/.test(operation));
    for (const { operation, gas } of shown) expect(readme, operation).to.include(gas.toLocaleString("en"));
  });
});
