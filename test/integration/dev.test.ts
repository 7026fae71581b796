import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platform } from "node:process";
import { createPassportClient, parseAddressBook } from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { expect } from "chai";
import { runScript } from "../support/run-script.js";
import { type RunningDev, startDev } from "../support/start-dev.js";

describe("npm run dev", () => {
  let folder: string;
  let dev: RunningDev | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dev-test-"));
  });
  afterEach(async () => {
    dev?.process.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });

  it("serves a chain with verifiable sample passports until it is ended, and takes its address book with it", async function () {
    // Windows knows no signal that asks a program to end.
    if (platform === "win32") this.skip();
    dev = await startDev(folder);
    const path = join(dev.deploymentsFolder, "local.json");
    const { chainId, contracts, rpcUrl = "" } = parseAddressBook(JSON.parse(await readFile(path, "utf8")));
    const store = createDiskStore(dev.documentsFolder);
    const client = createPassportClient({ rpc: rpcUrl, chainId, registry: contracts.registry.address, store });
    const passport = "https://id.weg.example/01/09521122000019/21/W22-2600037";
    const report = await client.verifyPassport({ passport });
    expect(report.verdicts.registration.status).to.equal("valid");
    expect(report.verdicts.documents.status).to.equal("valid");

    dev.process.kill("SIGINT");
    const [exitCode] = await once(dev.process, "exit");
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
