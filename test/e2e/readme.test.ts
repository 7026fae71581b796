import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { createPassportClient, parseAddressBook } from "@digital-product-passport/sdk";
import { expect } from "chai";
import { developmentAccounts } from "../../scripts/lib/development-accounts.js";
import { documentationExamples } from "../../scripts/lib/documentation-examples.js";
import { participantsOf } from "../../scripts/lib/participants.js";
import { projectRoot } from "../support/project-files.js";
import { type RunningDev, runTypeScript, startDev } from "../support/start-dev.js";

/** What the README tells a reader to take from the output of `npm run dev`. */
const { admin, issuer, technician, stranger } = participantsOf(developmentAccounts());
const READERS_ENVIRONMENT = {
  ADMIN_KEY: admin.privateKey,
  ISSUER_KEY: issuer.privateKey,
  TECHNICIAN_KEY: technician.privateKey,
  STRANGER_KEY: stranger.privateKey,
  PRODUCT_ID: "https://id.weg.example/01/09521122000019/21/W22-2600037",
};

/** What each example of the README must have said, in the order of the README. */
const EXPECTED_OUTPUT = [
  /has the passport 0x[0-9a-fA-F]{40}, for \d+ gas/,
  /^Entry 2 by 0x/m,
  /^registration valid.*\nhistory valid.*\ndocuments valid/m,
  /^Entry 3 by 0x/m,
];

describe("README.md", () => {
  let folder: string;
  let modules: string;
  let dev: RunningDev;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "readme-test-"));
    // Below the project, so that the examples find its packages.
    modules = join(projectRoot, "cache", "readme-test");
    await mkdir(modules, { recursive: true });
    dev = await startDev(folder);
  });
  after(async () => {
    dev.process.kill("SIGKILL");
    await rm(folder, { recursive: true });
    await rm(modules, { recursive: true });
  });

  /** The address that `npm run dev` shows beside the product. */
  const findPassport = async (productId: string): Promise<string> => {
    const text = await readFile(join(dev.deploymentsFolder, "local.json"), "utf8");
    const { chainId, contracts, rpcUrl = "" } = parseAddressBook(JSON.parse(text));
    const client = createPassportClient({ rpc: rpcUrl, chainId, registry: contracts.registry.address });
    return await client.findPassport({ productId });
  };

  it("examples, run one after the other beside `npm run dev`, do what the README says", async () => {
    const readme = await readFile(join(projectRoot, "README.md"), "utf8");
    const examples = documentationExamples(readme, { source: "README.md" });
    expect(examples).to.have.length(EXPECTED_OUTPUT.length);
    const environment = { ...READERS_ENVIRONMENT, PASSPORT: await findPassport(READERS_ENVIRONMENT.PRODUCT_ID) };
    for (const [index, { code, line }] of examples.entries()) {
      const module = join(modules, `line-${line}.ts`);
      await writeFile(module, code);
      const { stdout } = await promisify(execFile)(execPath, [...runTypeScript, module], {
        cwd: folder,
        env: { ...process.env, ...environment, NO_COLOR: "1" },
      });
      expect(stdout, `README.md:${line}`).to.match(EXPECTED_OUTPUT[index] ?? /$^/);
    }
  });
});
