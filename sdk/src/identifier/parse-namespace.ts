import * as z from "zod";
import { PassportError } from "../errors/passport-error.js";
import { normaliseHttpsUrl } from "../primitives/https-url.js";
import { parseInput } from "../primitives/parse-input.js";

const MAXIMUM_BYTES = 128;

/** What the registry contract accepts: no two of dot and slash stand side by side. */
const SHAPE = /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)*\/(?:[A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*\/)*$/;

const namespaceSchema = z.string().brand<"Namespace">();

/** The beginning of a URL that belongs to one manufacturer for ever: `https://id.weg.example/`. */
export type Namespace = z.infer<typeof namespaceSchema>;

/**
 * Parses a manufacturer's namespace: `https://`, a host in lower case without a port, a path of letters, digits and
 * `- . _ ~` that ends in a slash, no segment that begins or ends with a dot or has two in a row.
 *
 * @param input - from outside
 * @returns the namespace
 * @throws PassportError `input.invalid`, `identifier.namespace`
 */
export function parseNamespace(input: unknown): Namespace {
  const namespace = parseInput(z.string(), input, { field: "namespace" });
  const problem = findProblem(namespace);
  if (problem !== undefined) throw new PassportError("identifier.namespace", { namespace, problem });
  return namespaceSchema.parse(namespace);
}

function findProblem(namespace: string): string | undefined {
  if (namespace.length > MAXIMUM_BYTES) return `it is longer than ${MAXIMUM_BYTES} bytes`;
  if (!SHAPE.test(namespace)) {
    return "only a host in lower case and a path of letters, digits and - . _ ~ may stand in it, no two of . and / in a row";
  }
  // A host that no product identifier could have is none.
  const normalised = normaliseHttpsUrl(`${namespace}x`);
  if ("problem" in normalised) return normalised.problem;
  return normalised.url === `${namespace}x` ? undefined : `its normal form is ${normalised.url.slice(0, -1)}`;
}
