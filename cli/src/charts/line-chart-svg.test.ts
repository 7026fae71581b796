import { expect } from "chai";
import { lineChartSvg } from "./line-chart-svg.js";

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 27, 12);
const labels = { title: "winding-1", unit: "Cel" };

const pointsOf = (...values: readonly number[]) =>
  values.map((value, index) => ({ time: START + index * MINUTE, value, isAfterGap: false }));

const linesOf = (svg: string): readonly string[] =>
  [...svg.matchAll(/<path d="([^"]+)"\/>/g)].map(([, path = ""]) => path);

describe("lineChartSvg", () => {
  it("draws one line from the lower left to the upper right, when values rise", () => {
    expect(linesOf(lineChartSvg(pointsOf(0, 10), labels))).to.deep.equal(["M64,288L944,44"]);
  });

  it("breaks the line where something is missing", () => {
    const [first, second, third] = pointsOf(0, 5, 10);
    if (first === undefined || second === undefined || third === undefined) throw new Error("three points");
    const svg = lineChartSvg([first, second, { ...third, isAfterGap: true }], labels);
    expect(linesOf(svg)).to.deep.equal(["M64,288L504,166", "M944,44Z"]);
  });

  it("names hours, or of many days the dates, and values on its axes", () => {
    const [first] = pointsOf(0);
    if (first === undefined) throw new Error("one point");
    const week = lineChartSvg([first, { ...first, time: START + 7 * 86_400_000 }], labels);
    expect(week).to.contain(">2026-11-29<");
    const svg = lineChartSvg(pointsOf(0, 4, 10), labels);
    expect(svg).to.contain(">12:00<").and.to.contain(">10<").and.to.contain("winding-1, Cel; times in UTC");
  });

  it("keeps text that looks like SVG from being SVG", () => {
    const svg = lineChartSvg(pointsOf(0, 1), { title: "<script>&", unit: "</svg>" });
    expect(svg).to.not.match(/<script|<\/svg>[^\n]/);
  });

  it("of a single value, draws a dot inside the chart", () => {
    expect(linesOf(lineChartSvg(pointsOf(3), labels))).to.have.length(1);
    expect(lineChartSvg(pointsOf(3), labels)).to.not.contain("NaN");
  });
});
