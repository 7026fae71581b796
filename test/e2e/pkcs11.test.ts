import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execPath } from "node:process";
import {
  createPassportClient,
  createProvider,
  type PassportClient,
  parseAddressBook,
} from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { expect } from "chai";
import { type JsonRpcProvider, Wallet } from "ethers";
import { developmentAccounts } from "../../scripts/lib/development-accounts.js";
import { participantsOf } from "../../scripts/lib/participants.js";
import { projectRoot } from "../support/project-files.js";
import { runScript, type ScriptResult } from "../support/run-script.js";
import { type RunningDev, startDev } from "../support/start-dev.js";

const PRODUCT = "https://id.weg.example/01/09521122000019/21/W22-2600037";
const PIN = "1234";
const LIBRARIES = ["/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so"];
const SIGNATURES = 3;

const example = join(projectRoot, "examples", "pkcs11");
const library = LIBRARIES.find(existsSync);

describe("a key in a device that speaks PKCS#11", () => {
  let folder: string;
  let dev: RunningDev;
  let provider: JsonRpcProvider;
  let clientOf: (wallet: { readonly privateKey: string }) => PassportClient;

  before(async function () {
    if (library === undefined) return skip(this, "SoftHSM is not installed");
    const problem = installExample();
    if (problem !== undefined) return skip(this, `pkcs11js does not compile here: ${problem}`);
    folder = await mkdtemp(join(tmpdir(), "pkcs11-"));
    await makeToken(folder);

    dev = await startDev(folder);
    const book = parseAddressBook(JSON.parse(await readFile(join(dev.deploymentsFolder, "local.json"), "utf8")));
    const { chainId, contracts, rpcUrl = "" } = book;
    provider = createProvider(rpcUrl, { chainId });
    clientOf = ({ privateKey }) =>
      createPassportClient({
        rpc: provider,
        chainId,
        registry: contracts.registry.address,
        manager: contracts.manager.address,
        store: createDiskStore(dev.documentsFolder),
        signer: new Wallet(privateKey, provider),
      });
  });
  after(async () => {
    provider?.destroy();
    dev?.process.kill("SIGKILL");
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  const sign = (pin: string, ...scriptArguments: readonly string[]): Promise<ScriptResult> =>
    runScript("examples/pkcs11/sign.ts", {
      arguments: scriptArguments,
      env: {
        SOFTHSM2_CONF: join(folder, "softhsm2.conf"),
        PASSPORT_ADDRESS_BOOK: join(dev.deploymentsFolder, "local.json"),
        PKCS11_LIBRARY: library ?? "",
        PKCS11_PIN: pin,
      },
    });

  it("is granted a role by its signer, and what it signs is recorded in its name", async () => {
    const { admin, stranger } = participantsOf(developmentAccounts());
    const shown = await sign(PIN);
    expect(shown.exitCode, shown.stderr).to.equal(0);
    const { attester, signer } = JSON.parse(shown.stdout);
    const grant = { signer, roles: ["TECHNICIAN"], validUntil: 2n ** 40n - 1n };
    await (await clientOf(admin).grantRoles(grant)).send();

    const document = join(folder, "work.json");
    await writeFile(document, JSON.stringify({ data: { kind: "lubrication", description: "Regreased" } }));
    // A device returns a high s every other time.
    for (let count = 0; count < SIGNATURES; count += 1) {
      const signed = await sign(PIN, PRODUCT, "MAINTAINED", document);
      expect(signed.exitCode, signed.stderr).to.equal(0);
      const submitted = await clientOf(stranger).submitAttestation({ signed: JSON.parse(signed.stdout) });
      expect((await submitted.send()).result.attester).to.equal(attester);
    }
  });

  it("with a wrong PIN, signs nothing and does not show the PIN", async () => {
    const { exitCode, stderr, stdout } = await sign("6789");
    expect(exitCode).not.to.equal(0);
    expect(stderr).to.include("CKR_PIN_INCORRECT");
    expect(stderr + stdout).not.to.include("6789");
  });

  it("is typed as the SDK wants it", () => {
    const typescript = join(projectRoot, "node_modules", "typescript", "bin", "tsc");
    const { status, stdout } = spawnSync(execPath, [typescript, "--project", example], { encoding: "utf8" });
    expect(status, stdout).to.equal(0);
  });
});

/** Mocha shows no reason for what it skips. */
function skip(context: Mocha.Context, reason: string): void {
  console.log(`      skipped: ${reason}`);
  context.skip();
}

/** Compiles its native module against the headers that come with the running Node; returns what went wrong. */
function installExample(): string | undefined {
  if (existsSync(join(example, "node_modules", "pkcs11js", "build"))) return undefined;
  const headers = dirname(dirname(execPath));
  const { error, status, stderr } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", `--nodedir=${headers}`], {
    cwd: example,
    encoding: "utf8",
  });
  return status === 0 ? undefined : (error?.message ?? stderr.trim().split("\n").at(-1) ?? "npm ci failed");
}

async function makeToken(folder: string): Promise<void> {
  const configuration = join(folder, "softhsm2.conf");
  await mkdir(join(folder, "tokens"));
  await writeFile(configuration, `directories.tokendir = ${join(folder, "tokens")}\n`);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = join(folder, "key.pem");
  await writeFile(pem, privateKey.export({ format: "pem", type: "pkcs8" }));
  for (const step of [
    ["--init-token", "--free", "--label", "passports", "--so-pin", "12345678", "--pin", PIN],
    ["--import", pem, "--token", "passports", "--label", "gateway", "--id", "01", "--pin", PIN],
  ]) {
    const environment = { ...process.env, SOFTHSM2_CONF: configuration };
    const { status, stderr, stdout } = spawnSync("softhsm2-util", step, { encoding: "utf8", env: environment });
    if (status !== 0) throw new Error(`softhsm2-util ${step[0]} failed: ${stdout}${stderr}`);
  }
}
