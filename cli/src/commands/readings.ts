import { stdout } from "node:process";
import { PassportError, type VerdictStatus } from "@digital-product-passport/sdk";
import { type ProductReadings, type Reading, readReadings, type Series } from "@digital-product-passport/sdk/readings";
import type { Command } from "commander";
import type { ChartPoint } from "../charts/chart-point.js";
import { lineChartSvg } from "../charts/line-chart-svg.js";
import { sparkline } from "../charts/sparkline.js";
import { writeGivenFile } from "../options/given-file.js";
import { resolveProductArgument } from "../options/product.js";
import { exitCodeOfStatus, type ReadingsOptions, withReadings, withReadingsContext } from "../options/readings.js";
import { colours } from "../terminal/colours.js";
import { paragraph, plainTable, TEXT_WIDTH } from "../terminal/plain-table.js";
import { printJson } from "../terminal/print-json.js";
import { readingsStatus } from "./readings-status.js";

interface Options extends ReadingsOptions {
  readonly from?: string;
  readonly until?: string;
  readonly sensor?: string;
  readonly svg?: string;
}

/**
 * Adds `passport readings`.
 *
 * @param program - the `passport` command
 */
export function addReadingsCommand(program: Command): void {
  withReadings(program.command("readings"))
    .description("Shows what sensors have said of a product: which gateways and when, statistics, gaps, a chart.")
    .argument("<product>", "URL of the product, address of its passport, or PNG picture of its label")
    .option("--from <time>", "no earlier readings, such as 2026-11-27T00:00:00Z")
    .option("--until <time>", "no later readings")
    .option("--sensor <id>", "only this sensor")
    .option("--svg <file>", "draw the readings of one sensor into this file")
    .addHelpText(
      "after",
      `
Everything is verified: the passport, the gateways' chains of batches, each batch. What is missing or was anchored twice is
shown.

Exit code: 0 all of it could be read, 1 something is wrong, 2 wrong usage, 3 not all of it could be read.

Examples:
  $ passport readings https://id.weg.example/01/09521122000019/21/W22-2600037
  $ passport readings https://id.weg.example/01/09521122000019/21/W22-2600037 --sensor winding-1 --svg winding.svg`,
    )
    .action(async (product: string, options: Options) => {
      const { from, until } = options;
      const passport = await resolveProductArgument(product);
      const { found, points } = await withReadingsContext(options, async (context) => {
        const read = await readReadings(context, { passport, from, until });
        return { found: read, points: await collectPoints(read) };
      });
      const shown = { ...found, series: found.series.filter(({ sensor }) => sensor === (options.sensor ?? sensor)) };
      if (options.svg !== undefined) await draw(options.svg, { shown, points });
      const status = readingsStatus(found);
      if (options.json) printJson(jsonOf(shown, status));
      else stdout.write(`${inWords(shown, { points, status })}\n`);
      process.exitCode = exitCodeOfStatus(status);
    });
}

/** By series. */
type Points = ReadonlyMap<string, readonly ChartPoint[]>;

async function collectPoints({ readings }: ProductReadings): Promise<Points> {
  const bySeries = new Map<string, Reading[]>();
  for await (const { reading } of readings()) {
    const name = nameOf(reading);
    const known = bySeries.get(name);
    if (known === undefined) bySeries.set(name, [reading]);
    else known.push(reading);
  }
  return new Map([...bySeries].map(([name, all]) => [name, pointsOf(all)]));
}

function pointsOf(readings: readonly Reading[]): readonly ChartPoint[] {
  const inOrder = readings.toSorted((one, other) => one.sequence - other.sequence);
  return inOrder.map(({ sequence, time, value }, index) => {
    const before = inOrder[index - 1];
    return {
      time: Date.parse(time),
      value: Number(value),
      isAfterGap: before !== undefined && sequence !== before.sequence + 1,
    };
  });
}

function nameOf({ sensor, quantity }: Pick<Reading, "sensor" | "quantity">): string {
  return `${sensor} ${quantity}`;
}

async function draw(
  file: string,
  { shown, points }: { readonly shown: ProductReadings; readonly points: Points },
): Promise<void> {
  const [series, another] = shown.series;
  const drawn = series === undefined ? undefined : points.get(nameOf(series));
  if (series === undefined || drawn === undefined || another !== undefined) {
    const problem = `a chart has one sensor, and there are ${shown.series.length}: choose one with --sensor`;
    throw new PassportError("input.invalid", { field: "--svg", problem, value: file });
  }
  const title = `${series.quantity} of ${series.sensor}, ${shown.pairings.productId}`;
  await writeGivenFile(file, { field: "--svg", content: lineChartSvg(drawn, { title, unit: series.unit }) });
}

function jsonOf({ pairings, series, gaps, batches, findings }: ProductReadings, status: VerdictStatus): object {
  const { productId, pairings: windows } = pairings;
  return { status, productId, pairings: windows, series, gaps, batches, findings };
}

function inWords(
  found: ProductReadings,
  { points, status }: { readonly points: Points; readonly status: VerdictStatus },
): string {
  const { pairings, series, batches, findings } = found;
  const problems = batches.flatMap(({ batch, problem, refused }) => [
    ...(problem === undefined ? [] : [`Batch ${batch.sequence} of ${batch.gateway}: ${problem}`]),
    ...(refused === undefined
      ? []
      : [`Batch ${batch.sequence} of ${batch.gateway}: ${refused.count} do not count. ${refused.problem}`]),
  ]);
  const incomplete = status === "valid" ? "" : colours.yellow("Not all of it could be read, or something is wrong:");
  const notes = [...findings.map(({ reason }) => reason), ...problems];
  return [
    paragraph(pairings.productId),
    pairings.pairings.length === 0 ? paragraph("No gateway was ever attached to it.") : windowTable(found),
    ...series.map((each) => seriesInWords(each, { found, points: points.get(nameOf(each)) ?? [] })),
    series.length > 0 || pairings.pairings.length === 0 ? "" : paragraph("There are no readings in that time."),
    [incomplete, notes.length === 0 ? "" : paragraph(...notes)].filter((part) => part !== "").join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function windowTable({ pairings }: ProductReadings): string {
  const rows = pairings.pairings.map(({ gateway, sensors, start, end }) => [
    gateway,
    `after ${start.batchSequence}`,
    end === undefined ? "today" : `${end.batchSequence}`,
    sensors.map(({ id }) => id).join(", "),
  ]);
  return plainTable(rows, { head: ["gateway", "from batch", "to batch", "sensors"] });
}

function seriesInWords(
  series: Series,
  { found, points }: { readonly found: ProductReadings; readonly points: readonly ChartPoint[] },
): string {
  const { sensor, quantity, unit, count, minimum, mean, maximum, from, until } = series;
  const gaps = found.gaps.filter((gap) => gap.sensor === sensor);
  const missing = gaps.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const numbers = gaps.map(({ first, last }) => (first === last ? `${first}` : `${first} to ${last}`)).join(", ");
  return paragraph(
    `${colours.bold(sensor)}  ${quantity} in ${unit}: minimum ${minimum}, mean ${mean}, maximum ${maximum}`,
    sparkline(points, { width: TEXT_WIDTH - 10 }),
    `${count} readings from ${from} to ${until}`,
    missing === 0 ? "none is missing" : colours.yellow(`${missing} missing: ${numbers}`),
  );
}
