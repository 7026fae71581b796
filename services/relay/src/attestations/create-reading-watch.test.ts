import { parseAddress } from "@digital-product-passport/sdk";
import { parseReading, type Reading } from "@digital-product-passport/sdk/readings";
import { expect } from "chai";
import type * as z from "zod";
import type { AlarmRule } from "./alarm-rule.js";
import { createReadingWatch, type ReadingWatch } from "./create-reading-watch.js";

const PRODUCT = "https://id.weg.example/01/09521122000019/21/W22-2600037";
const ADDRESS = parseAddress("0x5FbDB2315678afecb367f032d93F642f64180aa3");
const START = Date.parse("2026-11-27T12:00:00Z");

const OVER_TEMPERATURE: AlarmRule = {
  code: "over-temperature",
  quantity: "winding-temperature",
  levels: [{ name: "over-temperature", above: "130", severity: "critical" }],
  hysteresis: "5",
  repeatSeconds: 0,
};
const ZONES: AlarmRule = {
  code: "vibration-zone",
  quantity: "vibration-velocity",
  levels: [
    { name: "zone B", above: "1.4" },
    { name: "zone C", above: "2.8", severity: "warning" },
    { name: "zone D", above: "4.5", severity: "critical" },
  ],
  hysteresis: "0.2",
  repeatSeconds: 0,
};

const reading = (sequence: number, value: string, changes: Partial<Record<keyof Reading, unknown>> = {}): Reading =>
  parseReading({
    sensor: "winding-1",
    sequence,
    product: PRODUCT,
    quantity: "winding-temperature",
    unit: "Cel",
    value,
    time: new Date(START + sequence * 1_000).toISOString(),
    ...changes,
  });
const vibration = (sequence: number, value: string): Reading =>
  reading(sequence, value, { sensor: "vibration-de", quantity: "vibration-velocity", unit: "mm/s" });

const watchOf = (
  alarms: readonly AlarmRule[],
  summarySeconds?: number,
  known = new Map<string, z.core.util.JSONType>(),
) => createReadingWatch(known, { alarms, summarySeconds, readingsAnchor: ADDRESS, gateway: ADDRESS });

/** The values of readings that raise an alarm. */
const raisedBy = (watch: ReadingWatch, readings: readonly Reading[]): readonly string[] =>
  readings.filter((each) => watch.observe(each)).map(({ value }) => value);

describe("createReadingWatch", () => {
  it("a value that swings around its limit, raises one alarm until it has fallen below the hysteresis", () => {
    const values = ["129", "130", "130.1", "131", "126", "131", "125", "130.5", "124", "131"];
    const readings = values.map((value, index) => reading(index + 1, value));
    expect(raisedBy(watchOf([OVER_TEMPERATURE]), readings)).to.deep.equal(["130.1", "130.5", "131"]);
  });

  it("zones, raise an alarm where one with a severity is entered from below, also by a jump over another", () => {
    const values = ["1", "2", "3", "2.7", "2.9", "5", "4.4", "4.6", "1", "9"];
    const readings = values.map((value, index) => vibration(index + 1, value));
    expect(raisedBy(watchOf([ZONES]), readings)).to.deep.equal(["3", "5", "9"]);
  });

  it("a value that swings without hysteresis, raises an alarm of its level in every ten minutes of its readings", () => {
    const { repeatSeconds: _, ...rule } = { ...OVER_TEMPERATURE, hysteresis: "0" };
    const readings = Array.from({ length: 1_300 }, (_, index) => reading(index + 1, index % 2 === 0 ? "129" : "131"));
    const watch = watchOf([rule]);
    const raised = readings.filter((each) => watch.observe(each)).map(({ sequence }) => sequence);
    expect(raised).to.deep.equal([2, 602, 1_202]);
  });

  it("a level above the one that was told, is told at once, and each sensor by itself", () => {
    const watch = watchOf([{ ...ZONES, repeatSeconds: 600 }]);
    const values = ["3", "1", "3", "5", "1", "5", "3"];
    const readings = values.map((value, index) => vibration(index + 1, value));
    expect(raisedBy(watch, readings)).to.deep.equal(["3", "5"]);
    expect(watch.observe({ ...vibration(9, "3"), sensor: "vibration-nde" })).to.equal(true);
  });

  it("late readings, raise no alarm of a level behind one that was told, however many there are", () => {
    const watch = watchOf([{ ...OVER_TEMPERATURE, repeatSeconds: 600 }]);
    const readings = [5_000, 3_000, 5_001, 2_000, 5_002, 1_000].map((sequence, index) =>
      reading(sequence, index % 2 === 0 ? "100" : "140"),
    );
    expect(readings.filter((each) => watch.observe(each)).map(({ sequence }) => sequence)).to.deep.equal([3_000]);
  });

  it("a late reading, can raise a level and never end one", () => {
    const watch = watchOf([OVER_TEMPERATURE]);
    expect(raisedBy(watch, [reading(10, "100"), reading(5, "140")])).to.deep.equal(["140"]);
    expect(raisedBy(watch, [reading(6, "90"), reading(11, "141")])).to.deep.equal([]);
  });

  it("sensors and products of their own, are watched by themselves", () => {
    const rule = { ...OVER_TEMPERATURE, sensors: ["winding-2"] };
    const readings = [reading(1, "140"), reading(1, "140", { sensor: "winding-2" })];
    const watch = watchOf([rule]);
    expect(readings.map((each) => watch.observe(each))).to.deep.equal([false, true]);
  });

  it("an alarm, says what its batch holds, and the running hours", () => {
    const watch = watchOf([OVER_TEMPERATURE]);
    const hours = reading(1, "8760.50", { sensor: "hours", quantity: "running-time", unit: "h" });
    const readings = [hours, reading(1, "120"), reading(2, "140")];
    for (const each of readings) watch.observe(each);
    const { drafts } = watch.conclude({ sequence: 7, readings }, START);
    expect(drafts).to.deep.equal([
      {
        kind: "alarm",
        productId: PRODUCT,
        data: {
          window: { from: "2026-11-27T12:00:01Z", until: "2026-11-27T12:00:02Z" },
          batches: { readingsAnchor: ADDRESS, gateway: ADDRESS, first: 7, last: 7 },
          series: [
            {
              id: "winding-1",
              quantity: "winding-temperature",
              unit: "Cel",
              count: 2,
              minimum: "120",
              mean: "130",
              maximum: "140",
            },
          ],
          runningHours: "8760.5",
          alarm: {
            severity: "critical",
            code: "over-temperature",
            description:
              "winding-temperature of sensor winding-1: 140 Cel is above 130 Cel, where over-temperature begins.",
          },
        },
      },
    ]);
    expect(watch.conclude({ sequence: 8, readings: [] }, START).drafts).to.deep.equal([]);
  });

  it("a summary, comes at its cadence, over all batches since the last one", () => {
    const watch = watchOf([], 60);
    const batch = (sequence: number, ...readings: readonly Reading[]) => {
      for (const each of readings) watch.observe(each);
      return { sequence, readings };
    };
    expect(watch.conclude(batch(1, reading(1, "10")), START).drafts).to.deep.equal([]);
    expect(watch.isSummaryDue(START + 59_000)).to.equal(false);
    expect(watch.conclude(batch(2, reading(2, "20")), START + 30_000).drafts).to.deep.equal([]);
    expect(watch.isSummaryDue(START + 60_000)).to.equal(true);
    const { drafts } = watch.conclude(batch(3, reading(3, "20.5")), START + 60_000);
    expect(drafts[0]?.data).to.deep.include({
      batches: { readingsAnchor: ADDRESS, gateway: ADDRESS, first: 1, last: 3 },
    });
    expect(drafts[0]?.data["series"]).to.deep.equal([
      {
        id: "winding-1",
        quantity: "winding-temperature",
        unit: "Cel",
        count: 3,
        minimum: "10",
        mean: "16.833333333",
        maximum: "20.5",
      },
    ]);
    expect(watch.conclude(undefined, START + 120_000).drafts, "nothing was measured since").to.deep.equal([]);
  });

  it("a sensor that was listed anew with another quantity, is summed up and alarmed by each of them alone", () => {
    const watch = watchOf([ZONES], 60);
    const readings = [reading(1, "70"), reading(2, "5", { quantity: "vibration-velocity", unit: "mm/s" })];
    const series = [
      {
        id: "winding-1",
        quantity: "winding-temperature",
        unit: "Cel",
        count: 1,
        minimum: "70",
        mean: "70",
        maximum: "70",
      },
      {
        id: "winding-1",
        quantity: "vibration-velocity",
        unit: "mm/s",
        count: 1,
        minimum: "5",
        mean: "5",
        maximum: "5",
      },
    ];
    for (const each of readings) watch.observe(each);
    const [alarm] = watch.conclude({ sequence: 1, readings }, START).drafts;
    expect(alarm?.data["series"]).to.deep.equal(series.slice(1));
    const [summary] = watch.conclude(undefined, START + 60_000).drafts;
    expect(summary?.data["series"]).to.deep.equal(series);
  });

  it("a clock that was far ahead and is set right, does not silence the summaries until it gets there again", () => {
    const watch = watchOf([], 60);
    const far = Date.parse("2100-01-01T00:00:00Z");
    watch.observe(reading(1, "10"));
    watch.conclude({ sequence: 1, readings: [reading(1, "10")] }, START);
    expect(watch.isSummaryDue(far)).to.equal(true);
    expect(watch.conclude(undefined, far).drafts).to.have.length(1);
    watch.observe(reading(2, "20"));
    expect(watch.conclude({ sequence: 2, readings: [reading(2, "20")] }, START + 61_000).drafts).to.have.length(1);
    expect(watch.isSummaryDue(START + 120_000)).to.equal(false);
    expect(watch.isSummaryDue(START + 121_000)).to.equal(true);
  });

  it("started again from what it has concluded, decides as if it had never stopped", () => {
    const values = ["131", "126", "131", "120", "140", "129", "150", "100", "131"];
    const readings = values.map((value, index) => reading(index + 1, value));
    const rule = { ...OVER_TEMPERATURE, repeatSeconds: 5 };
    const whole = watchOf([rule], 5);
    const expected = readings.map((each, index) => {
      whole.observe(each);
      return whole.conclude({ sequence: index + 1, readings: [each] }, START + index * 2_000).drafts;
    });
    const remembered = new Map<string, z.core.util.JSONType>();
    const found = readings.map((each, index) => {
      const watch = watchOf([rule], 5, remembered);
      watch.observe(each);
      const { drafts, changes } = watch.conclude({ sequence: index + 1, readings: [each] }, START + index * 2_000);
      for (const [name, value] of changes) {
        if (value === null) remembered.delete(name);
        else remembered.set(name, structuredClone(value));
      }
      return drafts;
    });
    expect(found).to.deep.equal(expected);
    expect(expected.flat().map(({ kind }) => kind)).to.include.members(["alarm", "summary"]);
  });
});
