import { stderr, stdout } from "node:process";
import {
  createMemoryStore,
  createPassportClient,
  type DocumentStore,
  isPassportError,
  type PassportClient,
  PassportError,
  parseAddress,
} from "@digital-product-passport/sdk";
import { Command, Option } from "commander";
import type { Wallet } from "ethers";
import { checkRows } from "../issuing/check-rows.js";
import { issueRows } from "../issuing/issue-rows.js";
import { openIssuingJournal } from "../issuing/open-issuing-journal.js";
import { type ProductRow, readProductRows } from "../issuing/read-product-rows.js";
import type { RowOutcome, RowsOutcome } from "../issuing/row-outcomes.js";
import { type Connection, type ConnectionOptions, openConnection, withConnection } from "../options/connection.js";
import { type DocumentOptions, readDocumentInput, withAttachments } from "../options/document.js";
import { parseDuration } from "../options/moment.js";
import { type IssuerOptions, openIssuers, withIssuers } from "../options/signer.js";
import { openStore, type StoreOptions, withStore } from "../options/store.js";
import { colours } from "../terminal/colours.js";
import { formatTable } from "../terminal/format-table.js";
import { printJson } from "../terminal/print-json.js";
import { createProgressBar } from "../terminal/progress-bar.js";
import { EXIT_CODES } from "../terminal/run-command.js";

/** Where passports are issued, and who issues them. */
export interface IssuingPlace extends Omit<Connection, "rpcUrl" | "addressBook"> {
  /** Each sends transactions of its own, at the same time as the others. */
  readonly issuers: readonly [Wallet, ...Wallet[]];
}

/** How a command finds out where passports are issued, and who issues them. */
export interface IssueCommandOptions<PlaceOptions> {
  /** Adds the options that say so. */
  readonly withPlace: (command: Command) => Command;
  readonly openPlace: (options: PlaceOptions) => Promise<IssuingPlace>;
  /** How it is called, for its examples. */
  readonly usage: string;
  /** Paragraph of the help on who issues. */
  readonly help: string;
}

interface Options extends StoreOptions, DocumentOptions {
  readonly owner?: string;
  readonly journal: string;
  readonly level: "sequenced" | "finalized";
  readonly patience: number;
  readonly dryRun?: true;
  readonly json?: true;
}

/**
 * Adds `passport issue`.
 *
 * @param program - the `passport` command
 */
export function addIssueCommand(program: Command): void {
  program.addCommand(
    createIssueCommand<ConnectionOptions & IssuerOptions>({
      usage: "passport issue",
      help: "The passports are issued by the accounts of --keystore or PASSPORT_KEY, which must have an issuing limit.",
      withPlace: (command) => withIssuers(withConnection(command)),
      openPlace: async (options) => {
        const issuers = await openIssuers(options);
        return { ...(await openConnection(options)), issuers };
      },
    }),
  );
}

/**
 * Makes the command that issues passports, as `passport issue` and as `npm run issue`.
 *
 * @param place - where it issues, and by whom
 * @returns the command, on its own
 */
export function createIssueCommand<PlaceOptions>(place: IssueCommandOptions<PlaceOptions>): Command {
  return withStore(withAttachments(place.withPlace(new Command("issue"))))
    .description(
      "Issues the passports of a file's products, or of one. Rows that cannot be issued are reported with line, field " +
        "and reason, good ones are issued; running it again issues what is missing.",
    )
    .argument("<products>", "CSV or JSON file, see examples/README.md; or the URL of one product")
    .argument("[document]", "of one product: JSON file with what it is, in the field data; - for standard input")
    .option("--owner <address>", "first owner of products whose row names none (default: the issuer)")
    .option("--dry-run", "check everything, store and send nothing")
    .option("--journal <folder>", "where is kept how far it is, so that it goes on after a crash", ".passport/issuing")
    .addOption(
      new Option("--patience <duration>", "how long it waits for a node or a store that does not answer")
        .argParser(parseDuration)
        .default(parseDuration("10m"), "10m"),
    )
    .addOption(
      new Option("--level <level>", "what it waits for at the end; finalized takes some 20 minutes on Arbitrum")
        .choices(["sequenced", "finalized"])
        .default("sequenced"),
    )
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
${place.help}

Exit code: 0 all products have their passports, 1 some rows were refused, 2 wrong usage, 3 the node or the store does
not answer.

Examples:
  $ ${place.usage} examples/motors.csv --network local --dry-run
  $ ${place.usage} https://id.weg.example/01/09521122000019/21/A-1 motor.json --network local`,
    )
    .action(async (products: string, document: string | undefined, options: Options & PlaceOptions) => {
      const store = options.dryRun ? createMemoryStore() : await openStore(options);
      const rows =
        document === undefined
          ? await readProductRows(products)
          : [rowOf(products, await readDocumentInput(document, { attach: options.attach, store }))];
      using opened = await place.openPlace(options);
      const outcome = await issue(opened, rows, { ...options, store });
      if (options.json) printJson(outcome);
      else stdout.write(`${inWords(outcome, options)}\n`);
      if (outcome.interruption !== undefined) throw outcome.interruption;
      process.exitCode = count(outcome, "refused") === 0 ? EXIT_CODES.done : EXIT_CODES.invalid;
    });
}

function rowOf(productId: string, document: object): ProductRow {
  return { line: 1, isText: false, fields: { productId, ...document } };
}

async function issue(
  { chainId, issuers, manager, provider, registry }: IssuingPlace,
  rows: readonly ProductRow[],
  { store, ...options }: Omit<Options, "store"> & { readonly store: DocumentStore },
): Promise<RowsOutcome> {
  const [signer] = issuers;
  const client = createPassportClient({ rpc: provider, chainId, registry, manager, store, signer });
  await requireIssuers(client, { issuers });
  const owner = parseAddress(options.owner ?? signer.address, { field: "--owner" });
  const progress = createProgressBar("Passports", { total: rows.length });
  const told = { owner, onOutcome: progress.step };
  try {
    if (options.dryRun) return await checkRows(client.context, rows, told);
    const journal = await openIssuingJournal(client.context, { folder: options.journal });
    return await issueRows(client.context, rows, {
      ...told,
      journal,
      signers: issuers,
      level: options.level,
      patienceMilliseconds: options.patience,
      onProblem: createProblemLine(),
    }).finally(journal.close);
  } finally {
    progress.stop();
  }
}

/** What the contracts would refuse of every row is said once, before anything is stored. */
async function requireIssuers(client: PassportClient, { issuers }: Pick<IssuingPlace, "issuers">): Promise<void> {
  for (const { address } of issuers) {
    const { perHour } = await client.readIssuing({ issuer: address });
    if (perHour > 0n) continue;
    const problem = "it may not issue; the manufacturer's administrator names issuers by setIssuingLimit";
    throw new PassportError("input.invalid", { field: "issuer", problem, value: address });
  }
}

/** Says what is waited out, once for each reason in a row. */
function createProblemLine(): (error: unknown) => void {
  let last = "";
  return (error) => {
    const problem = isPassportError(error) ? error.message : String(error);
    if (problem !== last) stderr.write(`${colours.yellow("Waiting")} ${problem}\n`);
    last = problem;
  };
}

function inWords(outcome: RowsOutcome, { dryRun }: Options): string {
  const [first, second] = outcome.outcomes;
  const problems = outcome.outcomes.flatMap((row) =>
    row.status === "refused" ? row.problems.map(({ field, reason }) => [String(row.line), field, reason]) : [],
  );
  const counts = [
    `${count(outcome, "issued")} issued`,
    `${count(outcome, "registered")} had a passport already`,
    `${count(outcome, "refused")} refused`,
  ];
  const waiting = count(outcome, "waiting");
  if (waiting > 0) counts.push(`${waiting} ${dryRun ? "can be issued" : "not issued yet; run again to go on"}`);
  return [
    ...(problems.length === 0
      ? []
      : [formatTable(problems, { head: ["line", "field", "reason"], widths: [8, 40, 70] })]),
    ...(first !== undefined && "passport" in first && second === undefined
      ? [`${first.productId} has the passport ${first.passport}.`]
      : []),
    `${counts.join(", ")}.`,
  ].join("\n");
}

function count({ outcomes }: RowsOutcome, status: RowOutcome["status"]): number {
  return outcomes.filter((row) => row.status === status).length;
}
