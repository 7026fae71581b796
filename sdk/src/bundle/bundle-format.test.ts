import { readFileSync } from "node:fs";
import { expect } from "chai";
import * as z from "zod";
import { canonicalise } from "../document/canonicalise.js";
import { BUNDLE_FORMAT, bundleSchema, MAXIMUM_BUNDLE_BYTES } from "./bundle-format.js";
import { parseBundle } from "./parse-bundle.js";
import { verifyBundle } from "./verify-bundle.js";

const readVector = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../test/vectors/bundle/${name}`, import.meta.url));
const page = readFileSync(new URL("../../../docs/bundle.md", import.meta.url), "utf8");

const bytes = readVector("motor.json");
const trust = z
  .object({
    chainId: z.string().transform(BigInt),
    registry: z.string(),
    blockHash: z.string(),
    productId: z.string(),
    now: z.string().transform(BigInt),
  })
  .parse(JSON.parse(new TextDecoder().decode(readVector("trust.json"))));

/** The fields in the table of the page whose head has this word. */
const fieldsInTable = (head: string): readonly string[] => {
  const [, table = ""] = page.split(`| ${head} | what |\n|---|---|\n`);
  return [...(table.split("\n\n")[0] ?? "").matchAll(/^\| `(\w+)` \|/gm)].map(([, field = ""]) => field);
};

describe("the bundle that was made with the first version", () => {
  it("verifyBundle, with what must be trusted, is valid in everything for ever", async () => {
    const { now, ...trusted } = trust;
    const report = await verifyBundle(bytes, { ...trusted, clock: () => now });
    expect(report.status, JSON.stringify(Object.values(report.verdicts).map(({ code }) => code))).to.equal("valid");
    expect(report.productId).to.equal(trust.productId);
    expect(report.verdicts.history.details.entryCount).to.equal(5n);
  });

  it("parseBundle, read and written again, is the same file", () => {
    const { format } = parseBundle(bytes);
    expect(format).to.equal(BUNDLE_FORMAT);
    expect(Buffer.from(canonicalise(JSON.parse(new TextDecoder().decode(bytes)))).equals(bytes)).to.equal(true);
  });
});

describe("docs/bundle.md", () => {
  it("lists exactly the fields of the format, and its name and limit", () => {
    const { shape } = bundleSchema;
    expect(fieldsInTable("field")).to.deep.equal(Object.keys(shape));
    const { entries } = shape.histories.element.shape;
    expect(fieldsInTable("field of an entry")).to.deep.equal(Object.keys(entries.element.shape));
    expect(page)
      .to.include(BUNDLE_FORMAT)
      .and.to.include(`at most ${MAXIMUM_BUNDLE_BYTES / 1_048_576} MiB`);
  });
});
