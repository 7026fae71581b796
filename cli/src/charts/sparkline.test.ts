import { expect } from "chai";
import type { ChartPoint } from "./chart-point.js";
import { sparkline } from "./sparkline.js";

const pointsOf = (...values: readonly (number | undefined)[]): readonly ChartPoint[] =>
  values.flatMap((value, time) => (value === undefined ? [] : [{ time, value, isAfterGap: false }]));

describe("sparkline", () => {
  it("of rising values, rises from the lowest to the highest bar", () => {
    expect(sparkline(pointsOf(0, 1, 2, 3, 4, 5, 6, 7), { width: 8 })).to.equal("▁▂▃▄▅▆▇█");
  });

  it("of more values than it is wide, shows the highest of each stretch", () => {
    expect(sparkline(pointsOf(0, 0, 9, 0, 0, 0, 0, 0), { width: 4 })).to.equal("▁█▁▁");
  });

  it("where nothing was measured, leaves a blank", () => {
    expect(sparkline(pointsOf(1, undefined, undefined, 2), { width: 4 })).to.equal("▁  █");
  });

  it("of values that do not change, or of one only, stays low", () => {
    expect(sparkline(pointsOf(5, 5, 5), { width: 3 })).to.equal("▁▁▁");
    expect(sparkline(pointsOf(5), { width: 3 })).to.equal("▁  ");
  });

  it("of nothing, is empty", () => {
    expect(sparkline([], { width: 3 })).to.equal("");
  });
});
