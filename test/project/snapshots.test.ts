import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { keepCommitted } from "../../scripts/lib/keep-committed.js";
import { projectRoot } from "../support/project-files.js";

const readSnapshot = (path: string) => readFile(join(projectRoot, "snapshots", path), "utf8");

describe("snapshots of the deployed contracts", () => {
  it("DigitalPassport: head is slot 2 and the packed state slot 3, which storage proofs of passports rely on", async () => {
    const layout = await readSnapshot("storage-layout/DigitalPassport.txt");
    expect(layout).to.match(/^slot 2 offset 0 bytes 32: head \(bytes32\)$/m);
    expect(layout).to.match(/^slot 3 offset 0 bytes 32: _state \(PassportState\)$/m);
  });

  it("clones and the relay: nothing else is stored than what the passport names, and by the relay nothing", async () => {
    const layout = await readSnapshot("storage-layout/DigitalPassport.txt");
    const slots = [...layout.matchAll(/^slot (\d+) /gm)].map(([, slot]) => Number(slot));
    expect(slots).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await readSnapshot("storage-layout/AttestationRelay.txt")).to.equal("no storage\n");
  });

  it("sizes: every contract fits into what a chain deploys", async () => {
    const sizes = JSON.parse(await readSnapshot("sizes.json"));
    for (const [name, { runtimeMarginBytes, initMarginBytes }] of Object.entries<Record<string, number>>(sizes)) {
      expect(runtimeMarginBytes, name).to.be.at.least(0);
      expect(initMarginBytes, name).to.be.at.least(0);
    }
  });
});

describe("keepCommitted", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "keep-committed-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const files = [{ path: "sizes/a.txt", text: "one\ntwo\nthree\n" }];
  const options = { check: true, command: "npm run snapshot" };

  it("writing, makes the folders and leaves what a check takes", async () => {
    expect(await keepCommitted(files, { ...options, folder, check: false })).to.equal(undefined);
    expect(await keepCommitted(files, { ...options, folder })).to.equal(undefined);
  });

  it("checking a file that differs, names it, shows the lines and what to do, and writes nothing", async () => {
    await keepCommitted(files, { ...options, folder, check: false });
    await writeFile(join(folder, "sizes/a.txt"), "one\ntwice\nthree\n");
    const problem = await keepCommitted(files, { ...options, folder });
    expect(problem).to.include("sizes/a.txt is not what is generated now");
    expect(problem).to.include("-twice\n+two\n");
    expect(problem).to.include("run `npm run snapshot`");
    expect(await readFile(join(folder, "sizes/a.txt"), "utf8")).to.equal("one\ntwice\nthree\n");
  });

  it("checking a file that is missing, shows it as new", async () => {
    expect(await keepCommitted(files, { ...options, folder })).to.include("+one\n+two\n+three");
  });
});
