import { PassportError } from "@digital-product-passport/sdk";
import { parseReading } from "@digital-product-passport/sdk/readings";
import { expect } from "chai";
import { createIntake } from "./create-intake.js";
import type { Delivery } from "./delivery.js";
import type { Appended } from "./journal/create-reading-journal.js";
import { createMetrics } from "./operations/create-metrics.js";
import type { DeadLetter } from "./validation/create-dead-letters.js";
import { reject } from "./validation/reject.js";

const readingOf = (sequence: number) =>
  parseReading({
    sensor: "winding-1",
    sequence,
    product: "https://id.weg.example/01/09521122000019/21/W22-2600037",
    quantity: "winding-temperature",
    unit: "Cel",
    value: "71.5",
    time: "2026-11-27T12:00:00Z",
  });

describe("createIntake", () => {
  const open = (append: (count: number) => Promise<readonly Appended[]>) => {
    const journaled: (readonly number[])[] = [];
    const letters: DeadLetter[] = [];
    const metrics = createMetrics({
      journalPosition: () => 0,
      journalBytes: () => 0,
      isJournalOpen: () => true,
      unbatchedReadings: () => 0,
      unanchoredBatches: () => 0,
      pendingAttestations: () => 0,
    });
    const takeIn = createIntake({
      // An item is the reading's number; 0 is rejected.
      validate: async (deliveries) =>
        deliveries.map(({ items }) =>
          items.map(([sequence = 0]) =>
            sequence === 0 ? reject("too-old", {}) : { status: "valid", reading: readingOf(sequence) },
          ),
        ),
      journal: {
        append: async (readings) => {
          journaled.push(readings.map(({ sequence }) => sequence));
          return await append(readings.length);
        },
      },
      letters: {
        write: async (letter) => {
          letters.push(letter);
        },
      },
      metrics,
      clock: () => 0,
    });
    const countsOf = async (name: "deliveries" | "readings" | "rejections") =>
      (await metrics[name].get()).values.map(({ labels, value }) => [...Object.values(labels), value].join(" "));
    return { takeIn, journaled, letters, countsOf };
  };
  const deliveryOf = (source: string, ...numbers: readonly number[]): Delivery => ({
    transport: "mqtt",
    sender: { name: `sender of ${source}`, products: [] },
    source,
    items: numbers.map((number) => Uint8Array.of(number)),
  });

  it("several deliveries, go to the journal at once, and each item has its own answer, count and dead letter", async () => {
    const { takeIn, journaled, letters, countsOf } = open(async () => [
      "accepted",
      "duplicate",
      "conflict",
      "accepted",
    ]);
    const outcomes = await takeIn([deliveryOf("a", 1, 0, 2), deliveryOf("b"), deliveryOf("c", 3, 4, 0)]);
    expect(journaled).to.deep.equal([[1, 2, 3, 4]]);
    expect(outcomes.map((items) => items.map((each) => ("code" in each ? each.code : each.status)))).to.deep.equal([
      ["accepted", "too-old", "duplicate"],
      [],
      ["sequence-conflict", "accepted", "too-old"],
    ]);
    expect(letters.map(({ source, sender, item }) => [source, sender, ...item])).to.deep.equal([
      ["a", "sender of a", 0],
      ["c", "sender of c", 3],
      ["c", "sender of c", 0],
    ]);
    expect(await countsOf("deliveries")).to.deep.equal(["mqtt answered 3"]);
    expect(await countsOf("readings")).to.have.members(["mqtt accepted 2", "mqtt duplicate 1", "mqtt rejected 3"]);
    expect(await countsOf("rejections")).to.have.members(["mqtt too-old 2", "mqtt sequence-conflict 1"]);
  });

  it("nothing but bad items, is answered without the journal", async () => {
    const { takeIn, journaled } = open(async () => []);
    expect(await takeIn([deliveryOf("a", 0, 0)])).to.have.nested.property("[0].length", 2);
    expect(journaled).to.deep.equal([]);
    expect(await takeIn([])).to.deep.equal([]);
  });

  it("a journal that is full, refuses all of it: each delivery is counted once, and no letter written twice", async () => {
    const full = new PassportError("journal.full", { journal: "readings", problem: "no space" });
    const { takeIn, letters, countsOf } = open(async () => await Promise.reject(full));
    const refused = await takeIn([deliveryOf("a", 1, 0), deliveryOf("b", 2)]).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).to.equal(full);
    expect(letters, "they come again").to.deep.equal([]);
    expect(await countsOf("deliveries")).to.deep.equal(["mqtt refused 2"]);
    expect(await countsOf("readings")).to.deep.equal([]);
  });
});
