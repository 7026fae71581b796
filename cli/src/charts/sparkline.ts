import type { ChartPoint } from "./chart-point.js";

const BARS = "▁▂▃▄▅▆▇█";

/**
 * Draws values as one line of text: a bar for each stretch of time, as high as the highest value in it, so that no peak
 * is smoothed away; a blank where nothing was measured.
 *
 * @param points - at least one, in the order of time
 * @param options - `width`: characters
 * @returns the line
 */
export function sparkline(points: readonly ChartPoint[], { width }: { readonly width: number }): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return "";
  const columns: (number | undefined)[] = Array.from({ length: width });
  for (const { time, value } of points) {
    const share = last.time === first.time ? 0 : (time - first.time) / (last.time - first.time);
    const column = Math.min(width - 1, Math.floor(share * width));
    columns[column] = Math.max(value, columns[column] ?? value);
  }
  const known = columns.filter((value) => value !== undefined);
  const [lowest, highest] = [Math.min(...known), Math.max(...known)];
  const barOf = (value: number): string => {
    const share = highest === lowest ? 0 : (value - lowest) / (highest - lowest);
    return BARS[Math.min(BARS.length - 1, Math.floor(share * BARS.length))] ?? "";
  };
  return columns.map((value) => (value === undefined ? " " : barOf(value))).join("");
}
