import { scaleLinear, scaleUtc } from "d3-scale";
import { line } from "d3-shape";
import type { ChartPoint } from "./chart-point.js";

/** What a chart says beside its line. */
export interface LineChartOptions {
  readonly title: string;
  /** Of the values, such as `Cel`. */
  readonly unit: string;
}

const WIDTH = 960;
const HEIGHT = 320;
const MARGIN = { top: 44, right: 16, bottom: 32, left: 64 };
const TIME_LABELS = 8;
const MILLISECONDS_PER_DAY = 86_400_000;
const [LINE_COLOUR, TEXT_COLOUR, GRID_COLOUR] = ["#00579d", "#333", "#ddd"];

/**
 * Draws values over time as an SVG document. The line is broken where something is missing, and a value between two gaps
 * is a dot.
 *
 * @param points - at least one, in the order of time
 * @param options - title and unit
 * @returns the document
 */
export function lineChartSvg(points: readonly ChartPoint[], { title, unit }: LineChartOptions): string {
  const values = points.map(({ value }) => value);
  const times = points.map(({ time }) => time);
  const x = scaleUtc()
    .domain([Math.min(...times), Math.max(...times)])
    .range([MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear()
    .domain([Math.min(...values), Math.max(...values)])
    .nice()
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const path = line<ChartPoint>(
    ({ time }) => x(time),
    ({ value }) => y(value),
  ).digits(1);
  const isOfDays = Math.max(...times) - Math.min(...times) > 2 * MILLISECONDS_PER_DAY;
  const formatTime = x.tickFormat(TIME_LABELS, isOfDays ? "%Y-%m-%d" : "%H:%M");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<g font-family="sans-serif" font-size="12" fill="${TEXT_COLOUR}">`,
    `<text x="16" y="24" font-size="14">${escapeXml(`${title}, ${unit}; times in UTC`)}</text>`,
    ...y
      .ticks(5)
      .flatMap((tick) => [
        `<path d="M${MARGIN.left} ${round(y(tick))}H${WIDTH - MARGIN.right}" stroke="${GRID_COLOUR}"/>`,
        `<text x="${MARGIN.left - 8}" y="${round(y(tick) + 4)}" text-anchor="end">${tick}</text>`,
      ]),
    ...x
      .ticks(TIME_LABELS)
      .map((tick) => `<text x="${round(x(tick))}" y="${HEIGHT - 12}" text-anchor="middle">${formatTime(tick)}</text>`),
    "</g>",
    `<g fill="none" stroke="${LINE_COLOUR}" stroke-width="1.5" stroke-linecap="round">`,
    // A round cap makes a dot of a path that goes nowhere.
    ...stretchesOf(points).map((stretch) => `<path d="${path(stretch)}"/>`),
    "</g>",
    "</svg>\n",
  ].join("\n");
}

/** The points between gaps. */
function stretchesOf(points: readonly ChartPoint[]): readonly ChartPoint[][] {
  const stretches: ChartPoint[][] = [];
  for (const point of points) {
    const current = stretches.at(-1);
    if (current === undefined || point.isAfterGap) stretches.push([point]);
    else current.push(point);
  }
  return stretches;
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
