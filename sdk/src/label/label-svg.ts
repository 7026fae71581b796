import * as z from "zod";
import { parseInput } from "../primitives/parse-input.js";
import { labelContent, QUIET_ZONE_MODULES, wrapText } from "./label-content.js";

/** How a label is drawn as SVG. */
export interface LabelSvgOptions {
  /** Width of one module of the QR code in millimetres, 0.1 to 10; 0.5 if left out. */
  readonly moduleMillimetres?: number | undefined;
}

const moduleSchema = z.number().min(0.1).max(10).default(0.5);

/** Of text, in modules; a character of a monospaced font is 0.6 times as wide as the font is high. */
const FONT_HEIGHT = 2;
const CHARACTER_WIDTH = 0.6 * FONT_HEIGHT;
const LINE_HEIGHT = 1.25 * FONT_HEIGHT;

/**
 * Draws the label of a product: a QR code with the URL of its passport, and below it what it says.
 *
 * @param productId - URL of the product, in its normal form
 * @param options - how large
 * @returns an SVG document
 * @throws PassportError `input.invalid`, `identifier.*`
 *
 * @example
 * ```ts
 * await writeFile("label.svg", labelSvg("https://id.weg.example/01/09521234543213/21/W22-000001"));
 * ```
 */
export function labelSvg(productId: string, options: LabelSvgOptions = {}): string {
  const moduleMillimetres = parseInput(moduleSchema, options.moduleMillimetres, { field: "moduleMillimetres" });
  const content = labelContent(productId);
  const width = content.modules.length;
  const lines = wrapText(content.text, { width: Math.floor((width - 2) / CHARACTER_WIDTH) });
  const height = width + lines.length * LINE_HEIGHT;
  const size = `width="${millimetres(width)}mm" height="${millimetres(height)}mm" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size}>`,
    `<title>${escapeXml(content.productId)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<path d="${pathOf(content.modules)}" fill="#000" shape-rendering="crispEdges"/>`,
    `<g font-family="monospace" font-size="${FONT_HEIGHT}" text-anchor="middle">`,
    ...lines.map((line, index) => {
      const baseline = width - QUIET_ZONE_MODULES / 2 + (index + 0.75) * LINE_HEIGHT;
      return `<text x="${width / 2}" y="${baseline}">${escapeXml(line)}</text>`;
    }),
    "</g>",
    "</svg>\n",
  ].join("\n");

  function millimetres(modules: number): string {
    return String(Math.round(modules * moduleMillimetres * 100) / 100);
  }
}

/** One rectangle for each run of dark modules. */
function pathOf(modules: readonly (readonly boolean[])[]): string {
  return modules
    .flatMap((row, y) => {
      const cells = row.map((isDark) => (isDark ? "1" : "0")).join("");
      return [...cells.matchAll(/1+/g)].map(({ 0: run, index }) => {
        return `M${index} ${y}h${run.length}v1h-${run.length}z`;
      });
    })
    .join("");
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
