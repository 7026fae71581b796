import { basename } from "node:path";
import {
  type DocumentInput,
  type DocumentStore,
  type DocumentType,
  type EventOption,
  type FileDescription,
  PassportError,
} from "@digital-product-passport/sdk";
import type { Command } from "commander";
import * as z from "zod";
import { openGivenFile } from "./given-file.js";
import { readJson } from "./read-json.js";

/** Options that say what a document holds. */
export interface DocumentOptions {
  readonly attach?: readonly string[] | undefined;
}

/** What a document says besides what the SDK fills in; its schema is checked there. */
const documentInputSchema = z.looseObject({ data: z.looseObject({}), attachments: z.array(z.unknown()).optional() });

/**
 * Adds the options that say what a document holds.
 *
 * @param command - a command that makes a document
 * @returns the same command
 */
export function withAttachments(command: Command): Command {
  return command.option(
    "--attach <file:mediaType>",
    "file to store and list in the document, such as report.pdf:application/pdf; may be repeated",
    (file: string, files: readonly string[] = []) => [...files, file],
  );
}

/**
 * Reads what a document says, and stores the files that belong to it.
 *
 * @param path - JSON file with `data`, and optionally `recordedBy`, `occurredAt` and `attachments`; `-`: standard input
 * @param options - files to attach, and the store that they go to
 * @returns what the SDK makes a document of
 * @throws PassportError `input.invalid`, `document.not-json`, `store.unreachable`
 */
export async function readDocumentInput<Type extends DocumentType>(
  path: string,
  options: DocumentOptions & { readonly store: DocumentStore },
): Promise<DocumentInput<Type>> {
  const content = documentInputSchema.safeParse(await readJson(path, { field: "document" }));
  if (!content.success) {
    const problem = "expected an object with the field data";
    throw new PassportError("input.invalid", { field: "document", problem, value: path });
  }
  const attached = await Promise.all((options.attach ?? []).map((file) => attach(file, options.store)));
  const attachments = [...(content.data.attachments ?? []), ...attached];
  const input: unknown = { ...content.data, ...(attachments.length > 0 && { attachments }) };
  // Safety: which fields there are depends on the event type; the SDK checks them by its schema.
  return input as DocumentInput<Type>;
}

/**
 * Reads the document of an event.
 *
 * @param eventType - its name, such as MAINTAINED
 * @param options - `path` of the document, files to attach, and the store that they go to
 * @returns the event, as the SDK records it
 * @throws PassportError `input.invalid`, `document.not-json`, `store.unreachable`
 */
export async function readEvent(
  eventType: string,
  options: DocumentOptions & { readonly path: string; readonly store: DocumentStore },
): Promise<EventOption> {
  const event: unknown = { eventType, document: await readDocumentInput(options.path, options) };
  // Safety: the SDK refuses an event type that has no schema, and a document that does not fit it.
  return event as EventOption;
}

async function attach(
  file: string,
  store: DocumentStore,
): Promise<FileDescription & { readonly name: string; readonly mediaType: string }> {
  const { path, mediaType } = /^(?<path>.+):(?<mediaType>[a-z]+\/[\w.+-]+)$/.exec(file)?.groups ?? {};
  if (path === undefined || mediaType === undefined || store.putFile === undefined) {
    const problem = "expected a file and its media type, such as report.pdf:application/pdf";
    throw new PassportError("input.invalid", { field: "--attach", problem, value: file });
  }
  return {
    name: basename(path),
    mediaType,
    ...(await store.putFile(await openGivenFile(path, { field: "--attach" }))),
  };
}
