import { expect } from "chai";
import type { MaintenancePolicy } from "../passport/read-maintenance-policy.js";
import { addressOf, evidenceOf, MOTOR, NOW, ROLES, type SampleEntry } from "../verify/honest-evidence.test.js";
import { judgePassport } from "../verify/judge-passport.js";
import { recommendMaintenance } from "./recommend-maintenance.js";

const DAY = 86_400n;

const POLICY: MaintenancePolicy = {
  inspectionIntervalHours: 4_000n,
  regreaseIntervalHours: 20_000n,
  bearingReplacementHours: 40_000n,
  maxWindingTemperature: 155n,
  maxBearingTemperature: 110n,
  maxVibration: 2_800n,
};

const TECHNICIAN = addressOf("technician");

/** An entry of the technician, some days before the present. */
const entry = (type: string, daysAgo: bigint, data: object): SampleEntry => ({
  type,
  attester: TECHNICIAN,
  roles: ROLES.technician,
  recordedAt: NOW - daysAgo * DAY,
  data,
});
const lubricated = (daysAgo: bigint, runningHours: string, more: object = {}) =>
  entry("MAINTAINED", daysAgo, { kind: "lubrication", description: "Regreased", runningHours, ...more });
const readings = (
  daysAgo: bigint,
  runningHours: string,
  ...series: readonly (readonly [string, string, string, string])[]
) =>
  entry("READINGS", daysAgo, {
    window: { from: "2026-11-01T00:00:00Z", until: "2026-11-01T01:00:00Z" },
    series: series.map(([quantity, unit, mean, maximum]) => ({
      id: quantity,
      quantity,
      unit,
      count: 60,
      minimum: "0",
      mean,
      maximum,
    })),
    runningHours,
  });
const inspected = (daysAgo: bigint, more: object = {}) =>
  entry("INSPECTED", daysAgo, { scope: "Visual", findings: [], result: "passed", ...more });

const [manufactured] = MOTOR.entries;

const advise = (
  entries: readonly SampleEntry[],
  options: { policy?: Partial<MaintenancePolicy>; now?: bigint } = {},
) => {
  if (manufactured === undefined) throw new Error("a motor was made");
  const evidence = evidenceOf({
    productId: MOTOR.productId,
    entries: [{ ...manufactured, recordedAt: NOW - 1_000n * DAY }, ...entries],
  });
  const report = judgePassport(evidence, { now: NOW, maximumAgeSeconds: 3_600n });
  return recommendMaintenance(report, { policy: { ...POLICY, ...options.policy }, now: options.now ?? NOW });
};
const recommended = (task: string, ...parameters: Parameters<typeof advise>) =>
  advise(...parameters).recommendations.find((recommendation) => recommendation.task === task);

describe("recommendMaintenance", () => {
  it("of work in an interval, says at which running hours it is due, and on which entries that rests", () => {
    const found = recommended("inspect", [lubricated(200n, "1000"), inspected(199n), lubricated(100n, "3400")]);
    // Inspected at 1000 hours; 24 hours a day since then.
    expect(found).to.deep.include({ urgency: "now", dueAtHours: 5_000, sequences: [3n, 4n] });
    expect(found?.reason).to.equal("Every 4000 running hours; last recorded in entry 3.");
  });

  it("of a motor that runs on, estimates the day", () => {
    const found = recommended("inspect", [lubricated(200n, "0"), inspected(199n), lubricated(100n, "1000")]);
    // 10 hours a day: 1000 hours 100 days ago, 4000 hours 300 days after that.
    expect(found).to.deep.include({ urgency: "later", dueAtHours: 4_000, dueAt: NOW + 200n * DAY });
  });

  it("of the last tenth of an interval, says soon, and at its end, now", () => {
    const entries = [lubricated(200n, "0"), inspected(199n), lubricated(100n, "1000")];
    const at = (days: bigint) => recommended("inspect", entries, { now: NOW + days * DAY })?.urgency;
    expect(at(159n)).to.equal("later");
    expect(at(160n)).to.equal("soon");
    expect(at(199n)).to.equal("soon");
    expect(at(200n)).to.equal("now");
  });

  it("without any running hours, claims nothing, and says so", () => {
    const { caveats, recommendations, runningHours } = advise([inspected(10n)]);
    expect(runningHours).to.equal(undefined);
    expect(recommendations.map(({ urgency }) => urgency)).to.deep.equal(["unknown", "unknown", "unknown"]);
    expect(caveats.join(" ")).to.include("Nobody has recorded running hours");
  });

  it("of work that nobody has recorded, counts from the first hour", () => {
    expect(recommended("replace bearings", [lubricated(1n, "39000")])).to.deep.include({
      urgency: "soon",
      dueAtHours: 40_000,
    });
  });

  it("of exchanged bearings, counts from then; another part does not count", () => {
    const part = { name: "Bearing 6316 C3", quantity: 1 };
    const replaced = (position: string) =>
      entry("PART_REPLACED", 1n, { position, removed: part, installed: part, reason: "Worn", runningHours: "39500" });
    expect(recommended("replace bearings", [replaced("drive end bearing")])?.dueAtHours).to.equal(79_500);
    expect(recommended("replace bearings", [replaced("terminal box")])?.dueAtHours).to.equal(40_000);
  });

  for (const [celsius, dueAtHours] of [
    ["70", 20_000],
    ["85", 10_000],
    ["100", 5_000],
  ] as const)
    it(`of a bearing at ${celsius} °C, has it greased after ${dueAtHours} hours`, () => {
      const hot = readings(1n, "100", ["bearing-temperature", "Cel", celsius, celsius]);
      expect(recommended("regrease bearings", [lubricated(2n, "0"), hot])?.dueAtHours).to.equal(dueAtHours);
    });

  it("of heat before the last greasing, greases as usual", () => {
    const hot = readings(3n, "0", ["bearing-temperature", "Cel", "100", "100"]);
    expect(recommended("regrease bearings", [hot, lubricated(2n, "100")])?.dueAtHours).to.equal(20_100);
  });

  it("of a quantity that the policy does not limit, concludes nothing", () => {
    const other = readings(
      1n,
      "100",
      ["temperature", "Cel", "373", "373"],
      ["ambient-temperature", "Cel", "300", "300"],
    );
    const { recommendations } = advise([lubricated(2n, "0"), other]);
    expect(recommendations.map(({ urgency }) => urgency)).to.deep.equal(["later", "later", "later"]);
  });

  for (const [quantity, unit, allowed, exceeded, task] of [
    ["winding-temperature", "Cel", "155", "155.1", "find out why the winding is hot"],
    ["bearing-temperature", "Cel", "110", "111", "find out why a bearing is hot"],
    ["vibration-velocity", "mm/s", "2.8", "2.801", "find out why it vibrates"],
  ] as const) {
    it(`of a ${quantity} above its limit, calls for action now, and names the entry`, () => {
      const found = recommended(task, [lubricated(2n, "0"), readings(1n, "1", [quantity, unit, "1", exceeded])]);
      expect(found).to.deep.include({ urgency: "now", sequences: [3n] });
      expect(found?.reason).to.include(exceeded).and.to.include(allowed);
    });

    it(`of a ${quantity} at its limit, or above it before a repair, calls for nothing`, () => {
      const repaired = entry("REPAIRED", 1n, { fault: "Hot", description: "Cleaned" });
      const hot = readings(2n, "1", [quantity, unit, "1", exceeded]);
      expect(recommended(task, [readings(1n, "1", [quantity, unit, "1", allowed])])).to.equal(undefined);
      expect(recommended(task, [hot, repaired])).to.equal(undefined);
    });
  }

  it("of a policy that does not say, recommends nothing", () => {
    const nothing = { inspectionIntervalHours: 0n, regreaseIntervalHours: 0n, bearingReplacementHours: 0n };
    const limits = { maxWindingTemperature: 0n, maxBearingTemperature: 0n, maxVibration: 0n };
    const hot = readings(1n, "1", ["winding-temperature", "Cel", "1", "999"]);
    expect(advise([hot], { policy: { ...nothing, ...limits } }).recommendations).to.deep.equal([]);
  });

  it("of work that a technician planned, follows what comes first", () => {
    const planned = (nextDue: object) =>
      recommended("planned work", [lubricated(10n, "0"), lubricated(0n, "100", { nextDue })]);
    expect(planned({ date: "2030-01-01" })?.urgency).to.equal("later");
    expect(planned({ date: "2020-01-01" })?.urgency).to.equal("now");
    expect(planned({ runningHours: "100" })?.urgency).to.equal("now");
    // 10 hours a day: 20 days, or 90,000,000 days, which is before 1970 only in the order of words.
    expect(planned({ date: "2030-01-01", runningHours: "900000000" })?.dueAt).to.equal(1_893_456_000n);
    expect(planned({ date: "2030-01-01", runningHours: "300" })).to.deep.include({
      urgency: "soon",
      dueAtHours: 300,
      dueAt: NOW + 20n * DAY,
    });
  });

  it("of an hour meter that counts anew, says since when, and counts from there", () => {
    const { caveats, runningHours, recommendations } = advise([
      inspected(9n),
      lubricated(8n, "9000"),
      lubricated(2n, "10"),
    ]);
    expect(caveats.join(" ")).to.include("counts anew since entry 4");
    expect(runningHours).to.equal(10);
    expect(recommendations.find(({ task }) => task === "inspect")?.dueAtHours).to.equal(4_010);
  });

  it("relies on no entry that was withdrawn", () => {
    const revoked = entry("REVOKED", 0n, { sequence: 2, reason: "Wrong motor" });
    expect(advise([lubricated(1n, "5000")]).runningHours).to.equal(5_000);
    expect(advise([lubricated(1n, "5000"), revoked]).runningHours).to.equal(undefined);
  });

  it("relies on no entry of a stolen key", () => {
    if (manufactured === undefined) throw new Error("a motor was made");
    const honest = evidenceOf({ productId: MOTOR.productId, entries: [manufactured, lubricated(1n, "5000")] });
    const standings = new Map([[TECHNICIAN, { revokedAt: NOW, compromisedSince: NOW - 5n * DAY }]]);
    const evidence = { ...honest, manager: { ...honest.manager, value: { ...honest.manager.value, standings } } };
    const report = judgePassport(evidence as typeof honest, { now: NOW, maximumAgeSeconds: 3_600n });
    expect(recommendMaintenance(report, { policy: POLICY, now: NOW }).runningHours).to.equal(undefined);
  });

  it("without a verified history, says what is wrong with it", () => {
    const evidence = { ...evidenceOf(), documents: undefined };
    const report = judgePassport(evidence, { now: NOW, maximumAgeSeconds: 3_600n });
    const { caveats } = recommendMaintenance(report, { policy: POLICY, now: NOW });
    expect(caveats).to.include(report.verdicts.documents.reason);
  });
});
