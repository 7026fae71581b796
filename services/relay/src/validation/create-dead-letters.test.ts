import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createDeadLetters, type DeadLetter } from "./create-dead-letters.js";
import { reject } from "./reject.js";

const letterOf = (item: string): DeadLetter => ({
  receivedAt: "2026-11-27T12:00:00.000Z",
  transport: "mqtt",
  sender: "press-4",
  source: "plant/press-4",
  rejection: reject("malformed", { problem: "It is no JSON." }),
  item: Buffer.from(item),
});

describe("createDeadLetters", () => {
  let folder: string;
  let file: string;
  let lost: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dead-letters-"));
    file = join(folder, "dead-letters.ndjson");
    lost = 0;
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const open = (options: { readonly path?: string; readonly maximumBytes?: number } = {}) =>
    createDeadLetters({
      file: options.path ?? file,
      maximumBytes: options.maximumBytes ?? 1_000_000,
      onLost: (count) => {
        lost += count;
      },
    });
  const linesOf = async (path: string): Promise<readonly string[]> => (await readFile(path, "utf8")).trim().split("\n");

  it("a letter, is a line of JSON that says where it came from and why it was rejected, with its bytes", async () => {
    const letters = open();
    await letters.write(letterOf("{ not\nJSON"));
    const lines = await linesOf(file);
    expect(lines.map((line) => JSON.parse(line))).to.deep.equal([
      {
        receivedAt: "2026-11-27T12:00:00.000Z",
        transport: "mqtt",
        sender: "press-4",
        source: "plant/press-4",
        code: "malformed",
        reason: "It is no JSON.",
        size: 10,
        bytes: Buffer.from("{ not\nJSON").toString("base64"),
      },
    ]);
  });

  it("a huge payload, is kept with its beginning and its size", async () => {
    const letters = open();
    await letters.write(letterOf("x".repeat(1_000_000)));
    const [line = ""] = await linesOf(file);
    const { size, bytes } = JSON.parse(line);
    expect([size, Buffer.from(bytes, "base64").toString()]).to.deep.equal([1_000_000, "x".repeat(1_024)]);
  });

  it("a flood, takes two files of the disk at most, and the latest letters are there", async () => {
    const letters = open({ maximumBytes: 2_000 });
    for (let index = 0; index < 100; index++) await letters.write(letterOf(`letter ${index}`));
    const [before, latest] = [await readFile(`${file}.1`, "utf8"), await readFile(file, "utf8")];
    expect(before.length + latest.length).to.be.lessThan(5_000);
    expect(latest + before).to.include(Buffer.from("letter 99").toString("base64"));
    expect(lost).to.equal(0);
  });

  it("more letters than may wait for the disk, are counted as lost, and the others are kept", async () => {
    const letters = open();
    await Promise.all(Array.from({ length: 10_050 }, () => letters.write(letterOf("x"))));
    expect((await linesOf(file)).length + lost).to.equal(10_050);
    expect(lost).to.be.within(1, 50);
  });

  it("letters at the same time, are each in the file when its promise is fulfilled", async () => {
    const letters = open();
    const found = await Promise.all(
      ["first", "second"].map(async (item) => {
        await letters.write(letterOf(item));
        return (await readFile(file, "utf8")).includes(Buffer.from(item).toString("base64"));
      }),
    );
    expect(found).to.deep.equal([true, true]);
  });

  it("flush, while letters are written and others wait, ends when all are in the file", async () => {
    const letters = open();
    const written = [letters.write(letterOf("a"))];
    await Promise.resolve();
    written.push(letters.write(letterOf("b")));
    await letters.flush();
    expect(await linesOf(file)).to.have.length(2);
    await Promise.all(written);
  });

  it("a last line that is torn, takes no letter with it", async () => {
    await writeFile(file, '{"receivedAt":"2026-11-27T12:0');
    await open().write(letterOf("whole"));
    const [, line = ""] = await linesOf(file);
    expect(JSON.parse(line).size).to.equal(5);
  });

  it("a file that cannot be written, loses letters and says how many, and goes on when it can", async () => {
    const path = join(folder, "blocked", "dead-letters.ndjson");
    await writeFile(join(folder, "blocked"), "");
    const letters = open({ path });
    await letters.write(letterOf("first"));
    expect(lost).to.equal(1);
    await rm(join(folder, "blocked"));
    await letters.write(letterOf("second"));
    expect(await linesOf(path)).to.have.length(1);
  });
});
