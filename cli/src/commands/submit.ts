import { type PassportClient, PassportError, type PreparedTransaction } from "@digital-product-passport/sdk";
import type { Command } from "commander";
import * as z from "zod";
import { type WritingOptions, withWriting, withWritingClient } from "../options/open-client.js";
import { readJson } from "../options/read-json.js";
import { type SendingOptions, sendAndPrint, withSending } from "../options/send.js";

const typeSchema = z.looseObject({ type: z.enum(["Attestation", "Offer", "Cancel", "Accept", "Lock"]) });

/**
 * Adds `passport submit`.
 *
 * @param program - the `passport` command
 */
export function addSubmitCommand(program: Command): void {
  withSending(withWriting(program.command("submit")))
    .description("Submits what somebody else has signed: an event, an offer, its withdrawal, an acceptance, a lock.")
    .argument(
      "<files...>",
      "JSON files that passport sign or passport transfer --sign wrote; - for standard input; of several, all events",
    )
    .addHelpText(
      "after",
      `
Whoever submits pays, and cannot change what was signed. Several events go into one transaction: all are recorded, or none.

Examples:
  $ passport submit signed.json --dry-run
  $ passport submit monday/*.json`,
    )
    .action(async (paths: readonly string[], options: WritingOptions & SendingOptions) => {
      const messages = await Promise.all(paths.map((path) => readJson(path, { field: "signed message" })));
      await withWritingClient(options, async (client) => {
        if (messages.length === 1) return await submitOne(client, messages[0], options);
        await sendAndPrint(await client.submitAttestations({ signed: messages }), {
          ...options,
          describe: (submitted) =>
            submitted
              .map(
                ({ entry, passport }) =>
                  `Entry ${entry.sequence} of ${passport} is recorded; its attester is ${entry.attester}.`,
              )
              .join("\n"),
        });
      });
    });
}

async function submitOne(client: PassportClient, signed: unknown, options: SendingOptions): Promise<void> {
  await sendAndPrint(await prepare(client, signed), {
    ...options,
    describe: (result) =>
      "sequence" in result
        ? `Entry ${result.sequence} is recorded; its attester is ${result.attester}.`
        : `Offer ${result.offerNonce} is ${"newOwner" in result ? `made to ${result.newOwner}` : "withdrawn"}.`,
  });
}

type Submitted = Awaited<ReturnType<PassportClient["submitAttestation" | "submitOffer" | "submitCancellation"]>>;
type SubmittedResult = Submitted extends PreparedTransaction<infer Result> ? Result : never;

async function prepare(client: PassportClient, signed: unknown): Promise<PreparedTransaction<SubmittedResult>> {
  const message = typeSchema.safeParse(signed);
  if (!message.success) {
    const problem = "expected what passport sign writes; its field type says what was signed";
    throw new PassportError("input.invalid", { field: "signed message", problem, value: signed });
  }
  switch (message.data.type) {
    case "Attestation":
      return await client.submitAttestation({ signed });
    case "Offer":
      return await client.submitOffer({ signed });
    case "Cancel":
      return await client.submitCancellation({ signed });
    case "Accept":
      return await client.submitAcceptance({ signed });
    case "Lock":
      return await client.submitLock({ signed });
  }
}
