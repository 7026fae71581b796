import { encode } from "fast-png";
import font from "oled-font-5x7";
import * as z from "zod";
import { parseInput } from "../primitives/parse-input.js";
import { labelContent, QUIET_ZONE_MODULES, wrapText } from "./label-content.js";

/** How a label is drawn as PNG. */
export interface LabelPngOptions {
  /** Width of one module of the QR code in pixels, 2 to 64; 8 if left out. */
  readonly modulePixels?: number | undefined;
}

const moduleSchema = z.int().min(2).max(64).default(8);

const WHITE = 255;
const BLACK = 0;

/** A glyph and the blank column and rows between it and the next ones, in dots. */
const CELL_WIDTH = font.width + 1;
const CELL_HEIGHT = font.height + 3;

/** A drawing of grey dots. */
interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Draws the label of a product as `labelSvg` does, for printers and programs that take pixels.
 *
 * @param productId - URL of the product, in its normal form
 * @param options - how large
 * @returns the bytes of a PNG file, 8 bits of grey
 * @throws PassportError `input.invalid`, `identifier.*`
 */
export function labelPng(productId: string, options: LabelPngOptions = {}): Uint8Array {
  const modulePixels = parseInput(moduleSchema, options.modulePixels, { field: "modulePixels" });
  const { modules, text } = labelContent(productId);
  const width = modules.length * modulePixels;
  const dotPixels = Math.max(1, Math.floor(modulePixels / 4));
  const lines = wrapText(text, { width: Math.floor(width / (CELL_WIDTH * dotPixels)) });
  const height = width + lines.length * CELL_HEIGHT * dotPixels;

  const drawing: Drawing = { width, height, data: new Uint8Array(width * height).fill(WHITE) };
  drawModules(drawing, modules, modulePixels);
  for (const [index, line] of lines.entries()) {
    const left = Math.floor((width - line.length * CELL_WIDTH * dotPixels) / 2);
    const top = width - (QUIET_ZONE_MODULES / 2) * modulePixels + index * CELL_HEIGHT * dotPixels;
    drawLine(drawing, line, { left, top, dotPixels });
  }
  return encode({ ...drawing, channels: 1, depth: 8 });
}

function drawModules(drawing: Drawing, modules: readonly (readonly boolean[])[], size: number): void {
  for (const [y, row] of modules.entries())
    for (const [x, isDark] of row.entries()) if (isDark) fillSquare(drawing, { left: x * size, top: y * size, size });
}

function drawLine(
  drawing: Drawing,
  line: string,
  { left, top, dotPixels: size }: { readonly left: number; readonly top: number; readonly dotPixels: number },
): void {
  for (const [position, character] of [...line].entries())
    for (const [column, dots] of glyphOf(character).entries())
      for (let row = 0; row < font.height; row += 1)
        if ((dots >> row) & 1)
          fillSquare(drawing, { left: left + (position * CELL_WIDTH + column) * size, top: top + row * size, size });
}

function glyphOf(character: string): readonly number[] {
  const index = font.lookup.indexOf(character);
  return font.fontData.slice(index * font.width, (index + 1) * font.width);
}

function fillSquare(
  { data, width }: Drawing,
  { left, top, size }: { readonly left: number; readonly top: number; readonly size: number },
): void {
  for (let y = top; y < top + size; y += 1) data.fill(BLACK, y * width + left, y * width + left + size);
}
