import { z } from "zod";

/** What an explorer said instead of "verified". */
export interface ExplorerFailure {
  /** `refused`: it will say the same again. `undecided`: it may accept the same later. */
  readonly status: "refused" | "undecided";
  readonly reason: string;
}

/** Errors of Hardhat carry a number; what they say about an explorer, that explorer has said. */
const hardhatErrorSchema = z.object({
  number: z.number(),
  message: z.string(),
  messageArguments: z.record(z.string(), z.unknown()),
});

/** hardhat-verify's numbers for what another answer of the same explorer may mend. */
const REQUEST_FAILED = 80_001;
const STATUS_CODE = 80_002;
const CODE_NOT_SEEN_YET = 80_021;
const UNEXPECTED_RESPONSE = 80_025;

/** What helps beyond what the message says, by hardhat-verify's number. */
const ADVICE: ReadonlyMap<number, string> = new Map(
  [80_005, 80_008, 80_009].map((number) => [
    number,
    "These sources are not those that were deployed: check out the commit that the address book names, and ask again.",
  ]),
);

const TOO_MANY_REQUESTS = 429;
const SERVER_ERROR = 500;

/** Explorers that answer HTTP 200 say in words that they are busy. */
const BUSY = /rate limit|too many|max calls|busy|timed? ?out|temporar|try again|unavailable/i;

/**
 * Says what it means that hardhat-verify failed. Nothing that an explorer does is taken for a fault of the deployment.
 *
 * @param error - what was caught
 * @param options - `secrets`: what must not be shown, such as the key of an API
 * @returns whether trying again can help, and why it failed
 */
export function explainExplorerFailure(
  error: unknown,
  options: { readonly secrets: readonly string[] },
): ExplorerFailure {
  const known = hardhatErrorSchema.safeParse(error).data;
  // hardhat-verify takes the shape of answers for granted, and stumbles over others.
  const message =
    known?.message ?? `its answer cannot be understood (${error instanceof Error ? error.message : error})`;
  const sentence = message
    .replace(/^HHE\d+: /, "")
    .replace(/\s+/g, " ")
    .trim();
  const advice = known === undefined ? undefined : ADVICE.get(known.number);
  const isUndecided = known === undefined || isPassing(known);
  return {
    status: isUndecided ? "undecided" : "refused",
    reason: redact([sentence, ...(advice === undefined ? [] : [advice])].join(" "), options.secrets),
  };
}

function isPassing({ message, messageArguments, number }: z.infer<typeof hardhatErrorSchema>): boolean {
  if ([REQUEST_FAILED, CODE_NOT_SEEN_YET, UNEXPECTED_RESPONSE].includes(number)) return true;
  if (number !== STATUS_CODE) return BUSY.test(message);
  const statusCode = Number(messageArguments["statusCode"]);
  return statusCode === TOO_MANY_REQUESTS || statusCode >= SERVER_ERROR;
}

function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => (secret === "" ? shown : shown.replaceAll(secret, "(not shown)")), text);
}
