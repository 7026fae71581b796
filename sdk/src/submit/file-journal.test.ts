import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { isPassportError, type PassportError } from "../errors/passport-error.js";
import { createFileJournal } from "./file-journal.js";
import { createMemoryJournal, type Journal } from "./journal.js";

const refusalOf = async (task: Promise<unknown>): Promise<PassportError> => {
  const error = await task.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (isPassportError(error)) return error;
  throw error ?? new Error("it was not refused");
};

describe("journals", () => {
  let folder: string;
  let path: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "journal-test-"));
  });
  beforeEach(async () => {
    path = join(folder, "one", "two.journal");
    await rm(join(folder, "one"), { recursive: true, force: true });
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  const recordsOf = async (journal: Journal): Promise<readonly unknown[]> => {
    const records: unknown[] = [];
    for await (const record of journal.read()) records.push(record);
    return records;
  };
  const withJournal = async <Result>(task: (journal: Journal) => Promise<Result>): Promise<Result> => {
    const journal = await createFileJournal(path);
    try {
      return await task(journal);
    } finally {
      await journal.close();
    }
  };

  for (const [kind, open] of [
    ["createFileJournal", () => createFileJournal(path)],
    ["createMemoryJournal", async () => createMemoryJournal()],
  ] as const) {
    describe(kind, () => {
      let journal: Journal;
      beforeEach(async () => {
        journal = await open();
      });
      afterEach(async () => await journal.close());

      it("reads what was appended, in the order of the calls, while more is appended", async () => {
        const text = "line\nbreak \u2028 and ä";
        await Promise.all([journal.append([1, { text }]), journal.append([]), journal.append([3])]);
        await journal.append([4]);
        expect(await recordsOf(journal)).to.deep.equal([1, { text }, 3, 4]);
      });

      it("compacted, keeps what is needed and takes less room, also what is appended meanwhile", async () => {
        await journal.append(Array.from({ length: 1_000 }, (_, index) => index));
        const size = journal.size();
        const compacting = journal.compact((record) => Number(record) >= 998);
        const appending = journal.append(["new"]);
        await Promise.all([compacting, appending]);
        expect(await recordsOf(journal)).to.deep.equal([998, 999, "new"]);
        expect(journal.size()).to.be.below(size / 10);
      });

      it("a name that is claimed: nobody else gets it until the journal is closed", async () => {
        await journal.claim("the key of the tests");
        const other = createMemoryJournal();
        if (kind === "createMemoryJournal") {
          expect((await refusalOf(other.claim("the key of the tests"))).code).to.equal("journal.in-use");
        }
        expect((await refusalOf(journal.claim("the key of the tests"))).code).to.equal("journal.in-use");
        await journal.close();
        journal = await open();
        await journal.claim("the key of the tests");
      });
    });
  }

  it("createFileJournal, opened again: has everything, and its size", async () => {
    await withJournal((journal) => journal.append(["a", "b"]));
    await withJournal(async (journal) => {
      expect(await recordsOf(journal)).to.deep.equal(["a", "b"]);
      expect(journal.size()).to.equal((await stat(path)).size);
    });
  });

  it("createFileJournal, of a file that is open already: journal.in-use, naming it", async () => {
    await withJournal(async () => {
      const error = await refusalOf(createFileJournal(path));
      expect(error.code).to.equal("journal.in-use");
      expect(error.message).to.include(path);
    });
  });

  it("createFileJournal, of a process that was killed: opens at once", async () => {
    const script = `
      import { createFileJournal } from ${JSON.stringify(new URL("./file-journal.ts", import.meta.url).href)};
      const journal = await createFileJournal(${JSON.stringify(path)});
      await journal.append(["promised"]);
      console.log("open");
      setInterval(() => undefined, 1_000);`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type", "module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    expect((await refusalOf(createFileJournal(path))).code).to.equal("journal.in-use");
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
    await withJournal(async (journal) => expect(await recordsOf(journal)).to.deep.equal(["promised"]));
  });

  it("createFileJournal, with a last line cut at any byte: has all lines before it, and takes more", async () => {
    await withJournal((journal) => journal.append(["first"]));
    const whole = (await stat(path)).size;
    await withJournal((journal) => journal.append([{ second: "ä" }]));
    const bytes = await readFile(path);
    for (let length = whole; length < bytes.length; length += 1) {
      await writeFile(path, bytes.subarray(0, length));
      await withJournal(async (journal) => {
        expect(await recordsOf(journal), `cut at ${length}`).to.deep.equal(["first"]);
        await journal.append(["third"]);
        expect(await recordsOf(journal)).to.deep.equal(["first", "third"]);
      });
    }
  });

  it("createFileJournal, with a bit flipped in an earlier line: journal.damaged, naming the line, and cuts nothing", async () => {
    for (const record of ["first", "second", "third"]) await withJournal((journal) => journal.append([record]));
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("second", "secone"));
    const error = await refusalOf(createFileJournal(path));
    expect(error.code).to.equal("journal.damaged");
    expect(error.details).to.include({ line: 2 });
    expect(await readFile(path, "utf8")).to.have.length(text.length);
  });

  it("createFileJournal, with garbage behind the last line: cuts it off", async () => {
    await withJournal((journal) => journal.append(["first"]));
    await appendFile(path, "\0".repeat(4_096));
    await withJournal(async (journal) => expect(await recordsOf(journal)).to.deep.equal(["first"]));
    await truncate(path, 0);
    await withJournal(async (journal) => expect(await recordsOf(journal)).to.deep.equal([]));
  });

  it("createFileJournal, in a folder that is a file: journal.unusable", async () => {
    const error = await refusalOf(createFileJournal(join(import.meta.filename, "x")));
    expect(error.code).to.equal("journal.unusable");
  });
});
