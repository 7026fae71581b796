import { stdout } from "node:process";
import {
  formatProposal,
  type PassportClient,
  PassportError,
  type Proposal,
  parseProposal,
} from "@digital-product-passport/sdk";
import { writeGivenFile } from "../../options/given-file.js";
import { readJson } from "../../options/read-json.js";
import { printJson } from "../../terminal/print-json.js";
import type { DescribedProposal } from "./describe-proposal.js";

/**
 * Reads the file of a proposal.
 *
 * @param path - as it was typed; `-` for the standard input
 * @returns the proposal, not yet compared with the chain
 * @throws PassportError `input.invalid`, `document.not-json`
 */
export async function readProposal(path: string): Promise<Proposal> {
  return parseProposal(await readJson(path, { field: "proposal" }));
}

/**
 * Writes a proposal that was signed, and says who is next.
 *
 * @param proposal - with its signatures
 * @param options - `out`: its file; `client`, and what was `described`
 * @throws PassportError `input.invalid`, `proposal.unfit`, `chain.*`
 */
export async function writeProposal(
  proposal: Proposal,
  options: {
    readonly out: string;
    readonly json?: true | undefined;
    readonly client: PassportClient;
    readonly described: DescribedProposal;
  },
): Promise<void> {
  const { client, described, json, out } = options;
  await writeGivenFile(out, { field: "--out", content: formatProposal(proposal) });
  const { digest, id, safe, signatures } = await client.checkProposal(proposal);
  const signedBy = signatures.map(({ owner }) => owner);
  if (json) {
    printJson({ file: out, id, digest, changes: described.changes.sentences, signedBy, threshold: safe.threshold });
    return;
  }
  const missing = safe.threshold - BigInt(signedBy.length);
  const next =
    missing > 0n
      ? `${missing} more owner(s) of the Safe have to sign it: passport govern sign ${out}`
      : `Enough owners have signed it: passport govern queue ${out}`;
  stdout.write(`${out} has the signature of ${signedBy.join(", ")}. ${next}\n`);
}

/**
 * The account that signs.
 *
 * @param client - with a signer
 * @returns its address
 * @throws PassportError `signer.missing`
 */
export async function signerOf({ context }: PassportClient): Promise<string> {
  const address = await context.signer?.getAddress();
  if (address !== undefined) return address;
  throw new PassportError("signer.missing", { action: "sign a proposal" });
}
