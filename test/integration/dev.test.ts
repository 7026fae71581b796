import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath, platform } from "node:process";
import { createPassportClient, parseAddressBook } from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { expect } from "chai";
import { projectRoot } from "../support/project-files.js";
import { runScript } from "../support/run-script.js";

describe("npm run dev", () => {
  let folder: string;
  let dev: ChildProcess | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dev-test-"));
  });
  afterEach(async () => {
    dev?.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  it("serves a chain with verifiable sample passports until it is ended, and takes its address book with it", async function () {
    // Windows knows no signal that asks a program to end.
    if (platform === "win32") this.skip();
    dev = startDev(folder);
    await waitFor(dev, "Ctrl-C ends the chain");
    const path = join(folder, "local.json");
    const { chainId, contracts, rpcUrl = "" } = parseAddressBook(JSON.parse(await readFile(path, "utf8")));
    const store = createDiskStore(join(folder, "documents"));
    const client = createPassportClient({ rpc: rpcUrl, chainId, registry: contracts.registry.address, store });
    const passport = "https://id.weg.example/01/09521122000019/21/W22-2600037";
    const report = await client.verifyPassport({ passport });
    expect(report.verdicts.registration.status).to.equal("valid");
    expect(report.verdicts.documents.status).to.equal("valid");

    dev.kill("SIGINT");
    const [exitCode] = await once(dev, "exit");
    expect(exitCode).to.equal(0);
    expect(existsSync(path)).to.equal(false);
  });

  it("on a port that is taken, says so and exits with 2", async () => {
    const other = createServer();
    await once(other.listen(0, "127.0.0.1"), "listening");
    // Safety: a server that listens on a port has an address of a host and a port.
    const { port } = other.address() as AddressInfo;
    const { exitCode, stderr } = await runScript("scripts/dev.ts", {
      arguments: ["--port", String(port), "--deployments", folder],
    });
    other.close();
    expect(exitCode).to.equal(2);
    expect(stderr).to.include("choose another port");
  });
});

function startDev(folder: string): ChildProcess {
  const tsx = createRequire(import.meta.url).resolve("tsx");
  const options = ["--port", "0", "--deployments", folder, "--store", join(folder, "documents")];
  return spawn(execPath, ["--import", `file://${tsx}`, "scripts/dev.ts", ...options], {
    cwd: projectRoot,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function waitFor(child: ChildProcess, text: string): Promise<void> {
  let said = "";
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    if (said.includes(text)) return;
  }
  throw new Error(`The program ended without saying "${text}", but:\n${said}`);
}
