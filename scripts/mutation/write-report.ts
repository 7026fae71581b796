import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { version } from "node:process";
import { projectFolder } from "../lib/project-paths.js";
import { type AcceptedSurvivor, acceptanceOf, changeOf } from "./accepted-survivors.js";
import type { Compiler } from "./create-compiler.js";
import { type FullRun, fingerprintOf, fullRunFile } from "./last-full-run.js";
import { type Judged, type Tally, tally } from "./tally.js";

const DOCUMENT = join(projectFolder, "docs", "mutation.md");
const BEGIN = "<!-- figures: written by `npm run mutate -- --report` -->";
const END = "<!-- end of figures -->";

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

const figuresOf = (name: string, { mutants, notRun, invalid, equivalent, killed, survived, score }: Tally): string =>
  `| ${[name, mutants, mutants - notRun, invalid, equivalent, killed, survived, `${score.toFixed(1)} %`].join(" | ")} |`;

const shorten = (text: string): string => (text.length > 90 ? `${text.slice(0, 87)}...` : text);

const rowOf = ({ mutant }: Judged, accepted: readonly AcceptedSurvivor[]): string => {
  const acceptance = acceptanceOf(mutant, { accepted });
  const reason = acceptance === undefined ? "**open**" : `${acceptance.kind}: ${acceptance.reason}`;
  return `| ${code(mutant.id)}, line ${mutant.line} | ${code(shorten(changeOf(mutant)))} | ${reason.replaceAll("|", "\\|")} |`;
};

/**
 * Writes what the journal holds of the present sources into docs/mutation.md and into the record for samples.
 *
 * @param judged - all mutants
 * @param options - `accepted`: survivors with a reason; `compiler`: has the sources; `now`: date of the report
 */
export async function writeReport(
  judged: readonly Judged[],
  {
    accepted,
    compiler,
    now,
  }: { readonly accepted: readonly AcceptedSurvivor[]; readonly compiler: Compiler; readonly now: Date },
): Promise<void> {
  const ofFile = Map.groupBy(judged, ({ mutant }) => mutant.file);
  const total = tally(judged, { accepted });
  const survivors = judged.filter(({ verdict }) => verdict?.kind === "survived");
  const figures = [
    BEGIN,
    "",
    `${total.mutants - total.notRun} of ${total.mutants} mutants run; ${now.toISOString().slice(0, 10)}, ` +
      `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, Node ${version}.`,
    "",
    "| Contract | Mutants | Run | Do not compile | Equivalent | Killed | Survived | Score |",
    "|---|--:|--:|--:|--:|--:|--:|--:|",
    ...[...ofFile].map(([file, group]) => figuresOf(basename(file, ".sol"), tally(group, { accepted }))),
    figuresOf("**All**", total),
    "",
    "| Survivor | Change | Why it may |",
    "|---|---|---|",
    ...survivors.map((each) => rowOf(each, accepted)),
    "",
    END,
  ].join("\n");

  const text = await readFile(DOCUMENT, "utf8");
  await writeFile(DOCUMENT, text.slice(0, text.indexOf(BEGIN)) + figures + text.slice(text.indexOf(END) + END.length));
  const record: FullRun = {
    sources: Object.fromEntries(
      [...ofFile.keys()].map((file) => [file, fingerprintOf(compiler.sources.get(file) ?? "")]),
    ),
    notRun: judged.filter(({ verdict }) => verdict === undefined).map(({ mutant }) => mutant.id),
  };
  await writeFile(fullRunFile, `${JSON.stringify(record, null, 2)}\n`);
}
