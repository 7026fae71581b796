/** One bar. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Ours are told from the others by their colour. */
  readonly isOurs: boolean;
}

/** What a chart says beside its bars. */
export interface BarChartOptions {
  readonly title: string;
  /** Of the values, such as `gas`. */
  readonly unit: string;
}

const WIDTH = 760;
const BAR = { left: 230, most: 420, height: 18, step: 26, top: 48 };
const [OUR_COLOUR, OTHER_COLOUR, TEXT_COLOUR] = ["#00579d", "#9aa5b1", "#333"];

/**
 * Draws values as horizontal bars, in an SVG document.
 *
 * @param bars - at least one, none negative
 * @param options - title and unit
 * @returns the document
 */
export function barChartSvg(bars: readonly Bar[], { title, unit }: BarChartOptions): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const height = BAR.top + bars.length * BAR.step + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<g font-family="sans-serif" font-size="12" fill="${TEXT_COLOUR}">`,
    `<text x="16" y="26" font-size="14">${escapeXml(`${title}, ${unit}`)}</text>`,
    ...bars.flatMap(({ label, value, isOurs }, index) => {
      const y = BAR.top + index * BAR.step;
      const width = Math.max(1, Math.round((value / most) * BAR.most));
      return [
        `<text x="${BAR.left - 8}" y="${y + 13}" text-anchor="end">${escapeXml(label)}</text>`,
        `<rect x="${BAR.left}" y="${y}" width="${width}" height="${BAR.height}" fill="${isOurs ? OUR_COLOUR : OTHER_COLOUR}"/>`,
        `<text x="${BAR.left + width + 6}" y="${y + 13}">${value.toLocaleString("en")}</text>`,
      ];
    }),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
