import { appendFile, mkdtemp, readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isPassportError } from "@digital-product-passport/sdk";
import { expect } from "chai";
import { writeCheckpoint } from "./checkpoint.js";
import {
  createReadingJournal,
  type Numbered,
  type ReadingJournal,
  type ReadingJournalOptions,
} from "./create-reading-journal.js";

interface Sample extends Numbered {
  readonly value: string;
}

/** Sensors measure once a second. */
const timeOf = (second: number): string => new Date(Date.UTC(2026, 10, 27, 12, 0, second % 86_400)).toISOString();

const sample = (sequence: number, value = "1", sensor = "winding-1"): Sample => ({
  sensor,
  sequence,
  value,
  time: timeOf(sequence),
});

/** A reading of a sensor that counts from 1 again, and whose clock goes on. */
const afterReset = (sequence: number, second: number): Sample => ({ ...sample(sequence), time: timeOf(second) });

const count = (first: number, last: number): readonly Sample[] =>
  Array.from({ length: last - first + 1 }, (_, index) => sample(first + index));

const codeOf = async (task: Promise<unknown>): Promise<string> =>
  await task.then(
    () => "none",
    (error: unknown) => (isPassportError(error) ? error.code : String(error)),
  );

describe("createReadingJournal", () => {
  let folder: string;
  let open: ReadingJournal<Sample>[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reading-journal-"));
  });
  afterEach(async () => {
    for (const journal of open) await journal.close();
    open = [];
    await rm(folder, { recursive: true });
  });

  const openJournal = async (options: Partial<ReadingJournalOptions> = {}): Promise<ReadingJournal<Sample>> => {
    const journal = await createReadingJournal<Sample>({ folder, ...options });
    open.push(journal);
    return journal;
  };
  const reopen = async (journal: ReadingJournal<Sample>, options: Partial<ReadingJournalOptions> = {}) => {
    await journal.close();
    open = open.filter((other) => other !== journal);
    return await openJournal(options);
  };
  const lastFile = async (): Promise<string> => {
    const files = (await readdir(folder)).filter((name) => name.startsWith("readings-")).sort();
    return join(folder, files.at(-1) ?? "");
  };

  it("readings, after it was opened again, are there in their order and known", async () => {
    const journal = await openJournal();
    expect(await journal.append(count(1, 3))).to.deep.equal(["accepted", "accepted", "accepted"]);
    const again = await reopen(journal);
    expect(await again.read({ first: 1, last: 3 })).to.deep.equal(count(1, 3));
    expect(await again.append([sample(2), sample(4)])).to.deep.equal(["duplicate", "accepted"]);
    expect(again.nextPosition()).to.equal(5);
  });

  it("the same number with another value, durable or on its way, is a conflict and changes nothing", async () => {
    const journal = await openJournal();
    await journal.append([sample(1)]);
    expect(await journal.append([sample(1, "2")])).to.deep.equal(["conflict"]);
    const [first, twin, other] = await Promise.all([
      journal.append([sample(2)]),
      journal.append([sample(2)]),
      journal.append([sample(2, "7")]),
    ]);
    expect([first, twin, other]).to.deep.equal([["accepted"], ["duplicate"], ["conflict"]]);
    expect(await journal.read({ first: 1, last: 2 })).to.deep.equal(count(1, 2));
  });

  it("numbers whose content is forgotten, sent again are duplicates, and after the counter's reset conflicts", async () => {
    const journal = await openJournal();
    await journal.append(count(1, 300));
    expect(await journal.append([sample(300), ...count(1, 3), afterReset(1, 301), afterReset(2, 302)])).to.deep.equal([
      ...["duplicate", "duplicate", "duplicate", "duplicate"],
      ...["conflict", "conflict"],
    ]);
    expect(await journal.append([sample(301), sample(44)])).to.deep.equal(["accepted", "duplicate"]);
    expect(journal.nextPosition()).to.equal(302);
  });

  it("numbers from before a restart, sent again are duplicates, and after the counter's reset conflicts", async () => {
    const journal = await openJournal({ segmentBytes: 1 });
    await journal.append([sample(1), sample(3), sample(2)]);
    const again = await reopen(journal);
    const sent = [...count(1, 3), afterReset(1, 4), sample(4)];
    const answers = ["duplicate", "duplicate", "duplicate", "conflict", "accepted"];
    expect(await again.append(sent)).to.deep.equal(answers);
  });

  it("a sensor's clock that was ahead, makes no conflict of what comes again", async () => {
    const journal = await openJournal();
    await journal.append([...count(1, 299), afterReset(300, 900), sample(301)]);
    expect(await journal.append([sample(1), sample(302), afterReset(1, 900), afterReset(1, 901)])).to.deep.equal([
      "duplicate",
      "accepted",
      "duplicate",
      "conflict",
    ]);
  });

  it("a checkpoint without times, makes no conflict until a reading after all others has come", async () => {
    const ranges: [number, number][] = [
      [1, 3],
      [10, 12],
    ];
    await writeCheckpoint(folder, { version: 1, position: 7, sensors: { "winding-1": { floor: 0, ranges } } });
    const journal = await openJournal();
    expect(await journal.append([afterReset(1, 20), sample(9)])).to.deep.equal(["duplicate", "accepted"]);
    expect(await journal.append([sample(11), sample(13)])).to.deep.equal(["duplicate", "accepted"]);
    expect(await journal.append([sample(11), afterReset(1, 20)])).to.deep.equal(["duplicate", "conflict"]);
  });

  it("numbers of two sensors, are independent", async () => {
    const journal = await openJournal();
    expect(await journal.append([sample(1), sample(1, "1", "winding-2")])).to.deep.equal(["accepted", "accepted"]);
  });

  it("a torn last line, is cut off, and what was whole stays", async () => {
    const journal = await openJournal();
    await journal.append(count(1, 2));
    await journal.append([sample(3)]);
    await journal.close();
    open = [];
    const file = await lastFile();
    await truncate(file, (await stat(file)).size - 3);
    await rm(join(folder, "checkpoint"));
    const again = await openJournal();
    expect(again.nextPosition()).to.equal(3);
    expect(await again.append([sample(3)])).to.deep.equal(["accepted"]);
    expect(await again.read({ first: 1, last: 3 })).to.deep.equal(count(1, 3));
  });

  it("a damaged line before others, is reported and never skipped", async () => {
    const journal = await openJournal();
    await journal.append([sample(1)]);
    await journal.close();
    open = [];
    await writeFile(await lastFile(), `0000000000000000 [{"sensor":"winding-1","sequence":1,"value":"9"}]\n`);
    await appendFile(await lastFile(), `0000000000000000 []\n`);
    expect(await codeOf(openJournal())).to.equal("journal.damaged");
  });

  it("a second user of the folder, is refused", async () => {
    await openJournal();
    expect(await codeOf(openJournal())).to.equal("journal.in-use");
  });

  it("many files, are read as one, and go when they are not needed, without what was seen being forgotten", async () => {
    const journal = await openJournal({ segmentBytes: 200 });
    for (let sequence = 1; sequence <= 20; sequence++) await journal.append([sample(sequence)]);
    expect((await readdir(folder)).length).to.be.greaterThan(4);
    expect(await journal.read({ first: 3, last: 18 })).to.deep.equal(count(3, 18));
    await journal.forget(17);
    expect((await readdir(folder)).length).to.be.lessThan(5);
    const again = await reopen(journal, { segmentBytes: 200 });
    expect(again.nextPosition()).to.equal(21);
    expect(await again.append([sample(1), sample(20), sample(21)])).to.deep.equal([
      "duplicate",
      "duplicate",
      "accepted",
    ]);
    expect(await again.read({ first: 18, last: 21 })).to.deep.equal(count(18, 21));
  });

  it("files that are not needed, with an archive, are moved there", async () => {
    const archive = join(folder, "archive");
    const journal = await openJournal({ segmentBytes: 1, archive });
    for (let sequence = 1; sequence <= 3; sequence++) await journal.append([sample(sequence)]);
    await journal.forget(2);
    expect(await readdir(archive)).to.have.length(2);
  });

  it("a checkpoint that is lost after files were given up, is reported: numbers would be taken twice", async () => {
    const journal = await openJournal({ segmentBytes: 1 });
    for (let sequence = 1; sequence <= 3; sequence++) await journal.append([sample(sequence)]);
    await journal.forget(2);
    await journal.close();
    open = [];
    await rm(join(folder, "checkpoint"));
    expect(await codeOf(openJournal())).to.equal("journal.damaged");
  });

  it("follow, while readings come, yields each once and ends with the signal", async () => {
    const journal = await openJournal({ segmentBytes: 300 });
    await journal.append(count(1, 5));
    const abort = new AbortController();
    const seen: number[] = [];
    const following = (async () => {
      for await (const { position, readings } of journal.follow(3, abort)) {
        expect(readings[0]?.sequence).to.equal(position);
        seen.push(...readings.map(({ sequence }) => sequence));
        if (seen.at(-1) === 30) abort.abort();
      }
    })();
    for (let sequence = 6; sequence <= 30; sequence++) await journal.append([sample(sequence)]);
    await following;
    expect(seen).to.deep.equal(count(3, 30).map(({ sequence }) => sequence));
  });

  it("a disk without room, takes nothing and says so, and goes on when there is room", async () => {
    let free = 1_000_000;
    const journal = await openJournal({ reserveBytes: 1_000, freeBytes: async () => free });
    await journal.append([sample(1)]);
    free = 1_010;
    expect(await codeOf(journal.append([sample(2)]))).to.equal("journal.full");
    expect(journal.problem()?.code).to.equal("journal.full");
    free = 1_000_000;
    expect(await journal.append([sample(2)])).to.deep.equal(["accepted"]);
    expect(journal.problem()).to.equal(undefined);
    const again = await reopen(journal);
    expect(await again.read({ first: 1, last: 2 })).to.deep.equal(count(1, 2));
  });

  it("a call that does not fit into the line of another, on a disk with room for that only, leaves nothing", async () => {
    const free = [1_000_000_000, 0];
    const freeBytes = async (): Promise<number> => free.shift() ?? 1_000_000_000;
    const journal = await openJournal({ reserveBytes: 1_000, freeBytes });
    const [, refused] = await Promise.all([
      journal.append(count(1, 3_000)),
      codeOf(journal.append(count(3_001, 5_000))),
    ]);
    expect(refused).to.equal("journal.full");
    expect(journal.nextPosition()).to.equal(3_001);
    expect(new Set(await journal.append(count(3_001, 5_000)))).to.deep.equal(new Set(["accepted"]));
  });

  it("a call with more readings than calls share a line for, has a line of its own", async () => {
    const commits: number[] = [];
    const journal = await openJournal({ onCommit: (_, readings) => commits.push(readings) });
    await Promise.all([
      journal.append([sample(1)]),
      journal.append(count(2, 4_098)),
      ...[journal.append([sample(4_099)]), journal.append([sample(4_100)])],
    ]);
    expect(commits).to.deep.equal([1, 4_097, 2]);
    expect(await journal.read({ first: 1, last: 4_100 })).to.deep.equal(count(1, 4_100));
  });

  it("the journal's own limit, when it is reached, is as a full disk", async () => {
    const journal = await openJournal({ maximumBytes: 150 });
    await journal.append([sample(1)]);
    expect(await codeOf(journal.append([sample(2)]))).to.equal("journal.full");
    expect(journal.nextPosition()).to.equal(2);
  });

  it("more readings than may wait, are refused without a trace", async () => {
    const journal = await openJournal({ maximumWaiting: 10 });
    const [taken, refused] = await Promise.all([journal.append(count(1, 5)), codeOf(journal.append(count(6, 11)))]);
    expect(refused).to.equal("relay.overloaded");
    expect(taken).to.deep.equal(Array.from({ length: 5 }, () => "accepted"));
    expect(await journal.append(count(6, 11))).to.deep.equal(Array.from({ length: 6 }, () => "accepted"));
  });

  it("a call with more readings than may wait, is taken when none waits", async () => {
    const journal = await openJournal({ maximumWaiting: 10 });
    expect(await journal.append(count(1, 11))).to.deep.equal(Array.from({ length: 11 }, () => "accepted"));
  });

  it("numbers that go down, jump or are as large as they may be, are each taken once", async () => {
    const journal = await openJournal();
    const largest = Number.MAX_SAFE_INTEGER;
    expect(await journal.append([sample(largest), sample(5), sample(3)])).to.deep.equal([
      "accepted",
      "accepted",
      "accepted",
    ]);
    const again = await reopen(journal);
    expect(await again.append([sample(4), sample(5), sample(largest)])).to.deep.equal([
      "accepted",
      "duplicate",
      "duplicate",
    ]);
  });
});
