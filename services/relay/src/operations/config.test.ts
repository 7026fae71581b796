import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isPassportError } from "@digital-product-passport/sdk";
import { expect } from "chai";
import { parseConfig, readConfig } from "./config.js";

const EXAMPLE = fileURLToPath(new URL("../../relay.example.yaml", import.meta.url));

const messageOf = async (task: () => unknown): Promise<string> => {
  try {
    await task();
  } catch (error) {
    if (isPassportError(error, "input.invalid")) return error.message;
    throw error;
  }
  throw new Error("It was not refused");
};

describe("readConfig", () => {
  it("the example, is a configuration", async () => {
    const config = await readConfig(EXAMPLE, { environment: {} });
    expect(config.mqtt?.version).to.equal("5");
    expect(config.attestations.alarms).to.have.length(2);
  });

  it("a variable, replaces its field, and nothing beside it", async () => {
    const environment = {
      PASSPORT_RELAY_CHAIN__RPC: "http://127.0.0.1:8545",
      PASSPORT_RELAY_BATCHES__MAXIMUM_READINGS: "7",
    };
    const config = await readConfig(EXAMPLE, { environment });
    expect(config.chain.rpc).to.equal("http://127.0.0.1:8545");
    expect(config.chain.addressBook).to.equal("/etc/passport-relay/arbitrumOne.json");
    expect(config.batches).to.include({ maximumReadings: 7, maximumSeconds: 300 });
  });

  it("without a file, takes all of it from the environment", async () => {
    const config = await readConfig(undefined, {
      environment: {
        PASSPORT_RELAY_FOLDER: "/data",
        PASSPORT_RELAY_CHAIN: "{ rpc: http://node:8545, addressBook: /book.json }",
        PASSPORT_RELAY_STORE: "{ ipfs: http://kubo:5001 }",
        PASSPORT_RELAY_GATEWAY: "{ environment: GATEWAY_KEY }",
        PASSPORT_RELAY_PAYERS__BATCHES: "[{ environment: PAYER_KEY }]",
        PASSPORT_RELAY_PRODUCTS: "[https://id.weg.example/01/09521122000019/21/W22-2600037]",
      },
    });
    expect(config).to.include({ folder: "/data", deadLetterBytes: 64 << 20 });
  });

  it("a field that does not exist, or a wrong value, is named without its value", async () => {
    const wrong = { folder: "/data", payers: { batches: [] }, pasword: "0xsecret" };
    const message = await messageOf(() => parseConfig(wrong));
    expect(message).to.include("chain:").and.include("pasword").and.not.include("0xsecret");
  });

  it("a hysteresis below zero, is refused: a level would end above its own boundary", async () => {
    const config = await readConfig(EXAMPLE, { environment: {} });
    const [alarm, ...others] = config.attestations.alarms;
    const alarms = [{ ...alarm, hysteresis: "-1" }, ...others];
    const message = await messageOf(() => parseConfig({ ...config, attestations: { ...config.attestations, alarms } }));
    expect(message).to.include("attestations.alarms.0.hysteresis").and.include("not negative");
  });

  it("levels that do not rise, are refused", async () => {
    const { mqtt: _, ...config } = await readConfig(EXAMPLE, { environment: {} });
    const levels = [
      { name: "C", above: "4" },
      { name: "D", above: "3" },
    ];
    const alarms = [{ code: "vibration-zone", quantity: "vibration-velocity", levels }];
    const message = await messageOf(() => parseConfig({ ...config, attestations: { alarms } }));
    expect(message).to.include("each level begins above the one before");
  });

  for (const [what, http, problem] of [
    ["a certificate without its key", { certificate: "relay.pem" }, "http.certificate"],
    ["a key without its certificate", { key: "relay.key" }, "http.certificate"],
    ["an authority without a certificate of the relay", { clientAuthority: "ca.pem" }, "http.clientAuthority"],
  ] as const) {
    it(`${what}, is refused: HTTP would be in plain text`, async () => {
      const config = await readConfig(EXAMPLE, { environment: {} });
      expect(await messageOf(() => parseConfig({ ...config, http: { port: 8_443, ...http } }))).to.include(problem);
    });
  }

  for (const [field, one, other] of [
    ["tokenSha256", "ab".repeat(32), "AB".repeat(32)],
    ["certificateFingerprint", Array(32).fill("AB").join(":"), Array(32).fill("ab").join(":")],
  ] as const) {
    it(`two senders with the same ${field}, are refused, and both are named`, async () => {
      const config = await readConfig(EXAMPLE, { environment: {} });
      const senders = [
        { name: "press-4", products: config.products, [field]: one },
        { name: "press-5", products: config.products },
        { name: "press-6", products: config.products },
        { name: "press-7", products: config.products, [field]: other },
      ];
      const message = await messageOf(() => parseConfig({ ...config, senders }));
      expect(message).to.include(`senders.3.${field}: press-7 has the same as press-4`).and.not.include(other);
    });
  }

  it("fewer waiting readings than four messages may have, are refused", async () => {
    const config = await readConfig(EXAMPLE, { environment: {} });
    const messageWith = (maximumWaiting: number) =>
      messageOf(() => parseConfig({ ...config, journal: { maximumWaiting } }));
    expect(await messageWith(3_999)).to.include("journal.maximumWaiting");
    expect(parseConfig({ ...config, journal: { maximumWaiting: 4_000 } }).journal.maximumWaiting).to.equal(4_000);
  });

  it("times further ahead than half of what a verifier allows, are refused: they could make their batch invalid", async () => {
    const config = await readConfig(EXAMPLE, { environment: {} });
    const clockSkew = { pastSeconds: 60, futureSeconds: 301 };
    expect(await messageOf(() => parseConfig({ ...config, clockSkew }))).to.include("clockSkew.futureSeconds");
  });

  it("a file that is no YAML, or is not there, is refused", async () => {
    const folder = await mkdtemp(join(tmpdir(), "relay-config-"));
    await writeFile(join(folder, "relay.yaml"), "folder: [");
    expect(await messageOf(() => readConfig(join(folder, "relay.yaml"), { environment: {} }))).to.include("no YAML");
    expect(await messageOf(() => readConfig(join(folder, "missing.yaml"), { environment: {} }))).to.include("ENOENT");
    await rm(folder, { recursive: true });
  });
});
