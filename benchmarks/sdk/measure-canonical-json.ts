import { hash } from "node:crypto";
import { createRequire } from "node:module";
import { join } from "node:path";
import { canonicalise, createDocument, digestOf, parseAddress } from "@digital-product-passport/sdk";
import { z } from "zod";
import { projectFolder } from "../../scripts/lib/project-paths.js";
import { productIdOf } from "../../test/support/deploy-suite.js";
import { installPeers } from "../peers/install-peers.js";
import { alternate } from "./alternate.js";

/** Published libraries that write RFC 8785, and the name under which each exports its function; "" is the module itself. */
const LIBRARIES = {
  canonicalize: "default",
  "json-canonicalize": "canonicalize",
  "@truestamp/canonify": "canonify",
  "json-canon": "",
} as const;

const IN_A_ROUND = 2_000;

const functionSchema = z.custom<(value: unknown) => string>((value) => typeof value === "function");

/** Documents per second, canonical and hashed. */
export interface CanonicalJsonFigures {
  readonly ratioToFastest: number;
  readonly fastest: string;
  readonly perSecond: Readonly<Record<string, number>>;
}

/**
 * Measures the canonical form and the digest of a document: ours, which refuses what JSON cannot hold, and the published
 * libraries, which do not all.
 *
 * @param options - `rounds`
 * @returns documents per second, and the ratio to the fastest of the others
 */
export async function measureCanonicalJson({ rounds }: { readonly rounds: number }): Promise<CanonicalJsonFigures> {
  installPeers();
  const { document, digest } = sampleDocument();
  const others = await Promise.all(
    Object.entries(LIBRARIES).map(async ([name, exported]) => {
      const write = await load(name, exported);
      return [name, () => hash("sha256", write(document))] as const;
    }),
  );
  const ours = ["passport", () => digestOf(canonicalise(document)).slice(2)] as const;
  for (const [name, digestWith] of [ours, ...others]) {
    if (`0x${digestWith()}` !== digest) throw new Error(`${name} gives another digest than the document has`);
  }
  const sides = [ours, ...others].map(([name, digestWith]) => [
    name,
    async () => {
      for (let count = 0; count < IN_A_ROUND; count++) digestWith();
      return IN_A_ROUND;
    },
  ]);
  const { passport = 0, ...rates } = await alternate<string>(Object.fromEntries(sides), { rounds });
  const [[fastest, rate] = ["", Number.NaN]] = Object.entries(rates).toSorted((left, right) => right[1] - left[1]);
  return { ratioToFastest: passport / rate, fastest, perSecond: { passport, ...rates } };
}

async function load(name: string, exported: string): Promise<(value: unknown) => string> {
  const require = createRequire(join(projectFolder, "benchmarks", "peers", "package.json"));
  const module = await import(require.resolve(name));
  return functionSchema.parse(exported === "" ? module.default : module[exported]);
}

/** What a manufacturer says of a motor: 1.5 kilobytes. */
function sampleDocument() {
  const material = (name: string, massSharePercent: string) => ({
    name,
    originCountry: "BR",
    massSharePercent,
    recycledSharePercent: "18",
    hazardous: false,
  });
  return createDocument("MANUFACTURED", {
    productId: productIdOf(1),
    attester: parseAddress("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"),
    issuedAt: "2026-11-22T13:08:00Z",
    data: {
      product: {
        name: "W22 IE4 75 kW",
        model: "W22-280SM-4",
        productLine: "W22",
        manufacturer: { name: "WEG", country: "BR" },
        country: "BR",
        manufacturedAt: "2026-11-01",
      },
      materials: [
        material("Electrical steel", "42"),
        material("Cast iron", "31"),
        material("Copper", "12"),
        material("Shaft steel", "9"),
        material("Aluminium", "4"),
        material("Insulation", "1.5"),
      ],
      plant: { name: "Jaraguá do Sul", country: "BR" },
    },
  });
}
