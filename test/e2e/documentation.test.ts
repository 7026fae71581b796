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

/** What each example must have said, in the order of its page. */
const EXPECTED_OUTPUT: Readonly<Record<string, readonly RegExp[]>> = {
  "README.md": [
    /has the passport 0x[0-9a-fA-F]{40}, for \d+ gas/,
    /^Entry 2 by 0x/m,
    /^registration valid.*\nhistory valid.*\ndocuments valid/m,
    /^Entry 3 by 0x/m,
  ],
  "docs/guides/issue.md": [/21\/A-\d+ has the passport 0x.*\n.*21\/B-\d+ has the passport 0x/],
  "docs/guides/attest-offline.md": [/^Entry 4 by 0x.*\nEntry 5 by 0x.*\n\d+ gas for 2 entries/m],
  "docs/guides/verify.md": [/by three nodes: valid\nregistration valid[\s\S]*by proof: valid/],
  "docs/guides/add-a-store.md": [/kept bafkrei\w+, \d+ bytes\nfound out: document.digest-mismatch/],
  "docs/guides/readings.md": [
    /batch 1: 10 readings\nbatch 2: 10 readings\nbatch 3: 5 readings\n61.7 valid valid valid valid\nbearing-de 25 60.1 61.3 62.5\n0 gaps/,
  ],
  "docs/guides/add-a-signer.md": [/signer 0x[0-9a-f]{168}\nIts entries are those of 0x\w+\n64 bytes/],
};

describe("documentation", () => {
  let folder: string;
  let modules: string;
  let dev: RunningDev;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "documentation-test-"));
    // Below the project, so that the examples find its packages.
    modules = join(projectRoot, "cache", "documentation-test");
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

  for (const [source, expected] of Object.entries(EXPECTED_OUTPUT))
    it(`${source}, its examples run one after the other beside \`npm run dev\`, do what it says`, async () => {
      const examples = documentationExamples(await readFile(join(projectRoot, source), "utf8"), { source });
      expect(examples).to.have.length(expected.length);
      const environment = { ...READERS_ENVIRONMENT, PASSPORT: await findPassport(READERS_ENVIRONMENT.PRODUCT_ID) };
      for (const [index, { code, line }] of examples.entries()) {
        const module = join(modules, `${source.replaceAll("/", "-")}-${line}.ts`);
        await writeFile(module, code);
        const { stdout } = await promisify(execFile)(execPath, [...runTypeScript, module], {
          cwd: folder,
          env: { ...process.env, ...environment, NO_COLOR: "1" },
        });
        expect(stdout, `${source}:${line}`).to.match(expected[index] ?? /$^/);
      }
    });
});
