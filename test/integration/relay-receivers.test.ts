import { spawn, spawnSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { connectChain, type Relay, type Sender } from "@digital-product-passport/relay";
import { type Attester, accountAttester, p256Key } from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { parseReading, signReading } from "@digital-product-passport/sdk/readings";
import { expect } from "chai";
import { type IncomingMessage, request } from "coap";
import { Wallet } from "ethers";
import { connectAsync } from "mqtt";
import { type AnvilSuite, startAnvilSuite } from "../support/anvil-suite.js";
import { productIdOf } from "../support/deploy-suite.js";
import {
  clientOf,
  mqttOptions,
  type PairedMotor,
  pairMotor,
  readingOf,
  recordPairing,
  SENSORS,
  startRelay,
  until,
} from "../support/relay-bench.js";

const sensorKey = p256Key(`0x${"22".repeat(32)}`);
const TOKEN = "token-of-the-test";
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

describe("receivers of a relay", function () {
  this.timeout(180_000);
  let suite: AnvilSuite;
  let gateway: Attester;
  let motor: PairedMotor;
  let other: PairedMotor;
  let relay: Relay;
  let freeBytes = 1_000_000_000;
  /** How far the relay's clock is ahead, in milliseconds. */
  let ahead = 0;

  before(async () => {
    suite = await startAnvilSuite({ epochBlocks: 2 });
    gateway = await accountAttester(Wallet.createRandom());
    const signing = {
      id: "signed-1",
      quantity: "winding-temperature",
      unit: "Cel",
      publicKey: sensorKey.publicKey,
    } as const;
    motor = await pairMotor(suite, { gateway, sensors: [...SENSORS, signing] });
    other = await pairMotor(suite, { gateway });
    const sender: Sender = { name: "historian", products: [motor.productId] };
    relay = await startRelay(suite, {
      gateway,
      products: [motor.productId, other.productId],
      clock: () => Date.now() + ahead,
      journal: { reserveBytes: 1_000, freeBytes: async () => freeBytes },
      receivers: {
        http: {
          host: "127.0.0.1",
          port: 0,
          senders: [{ sender, tokenSha256: sha256(TOKEN) }],
          maximumBodyBytes: 100_000,
          maximumRequests: 2,
          retrySeconds: 3,
        },
        coap: { host: "127.0.0.1", port: 0, retrySeconds: 3 },
      },
    });
  });
  after(async () => {
    await relay.close();
    await suite.close();
  });

  const post = async (body: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${relay.addresses["http"]}/readings`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", ...headers },
      body,
    });
    // biome-ignore lint/suspicious/noExplicitAny: what is answered is what the test is about.
    const answer: any = await response.json();
    return { status: response.status, retryAfter: response.headers.get("retry-after"), answer };
  };
  const send = async (payload: string, options: { readonly path?: string; readonly method?: "GET" | "POST" } = {}) => {
    const { hostname, port } = new URL(relay.addresses["coap"] ?? "");
    const { path: pathname = "/readings", method = "POST" } = options;
    const message = request({ hostname, port: Number(port), pathname, method, confirmable: true });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      message.on("response", resolve);
      message.on("error", reject);
    });
    message.end(Buffer.from(payload));
    const { code, payload: text } = await answered;
    return { code, text: text.toString() };
  };
  const operations = async (path: string) => await fetch(`${relay.addresses["operations"]}${path}`);

  it("POST, an array of good and bad readings, is answered one by one", async () => {
    const readings = [
      readingOf(motor.productId, 1),
      readingOf(motor.productId, 2, { unit: "K" }),
      readingOf(other.productId, 3),
      readingOf(motor.productId, 4),
    ];
    const { status, answer } = await post(JSON.stringify(readings));
    expect(status).to.equal(207);
    expect(answer.results.map(({ status: result }: { status: string }) => result)).to.deep.equal([
      "accepted",
      "rejected",
      "rejected",
      "accepted",
    ]);
    expect(answer.results[2]).to.include({ index: 2, code: "sender-not-allowed" });
    expect((await post(JSON.stringify(readings[0]))).answer.results).to.deep.equal([{ index: 0, status: "duplicate" }]);
  });

  it("POST, NDJSON with a line that is broken, takes the others", async () => {
    const lines = [JSON.stringify(readingOf(motor.productId, 5)), "{", JSON.stringify(readingOf(motor.productId, 6))];
    const { answer } = await post(lines.join("\n"), { "content-type": "application/x-ndjson" });
    expect(answer.results.map(({ code = "" }) => code)).to.deep.equal(["", "malformed", ""]);
  });

  it("POST, of nothing good, is 422; of nothing, 400; too large, 413; by a stranger, 401", async () => {
    expect((await post("{")).status).to.equal(422);
    expect((await post("[]")).status).to.equal(400);
    expect((await post("x".repeat(100_001))).status).to.equal(413);
    expect((await post(JSON.stringify(Array.from({ length: 1_001 }, () => 1)))).status).to.equal(413);
    expect((await post("{}", { authorization: "Bearer guess" })).status).to.equal(401);
    expect((await post("{}", { authorization: "" })).status).to.equal(401);
  });

  it("POST, while the disk has no room, is told to come later, and nothing was taken", async () => {
    freeBytes = 0;
    const reading = JSON.stringify(readingOf(motor.productId, 10));
    const { status, retryAfter } = await post(reading);
    expect([status, retryAfter]).to.deep.equal([503, "3"]);
    expect((await operations("/readyz")).status).to.equal(503);
    expect((await operations("/healthz")).status).to.equal(200);
    const coap = await send(
      JSON.stringify(
        await signReading(parseReading(readingOf(motor.productId, 1, { sensor: "signed-1" })), { key: sensorKey }),
      ),
    );
    expect(coap.code).to.equal("5.03");
    freeBytes = 1_000_000_000;
    expect((await post(reading)).answer.results).to.deep.equal([{ index: 0, status: "accepted" }]);
    await until(async () => (await operations("/readyz")).status === 200, "the readiness");
  });

  it("POST, more requests at a time than a sender may have, are told to come later, and none is lost", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => post(JSON.stringify(readingOf(motor.productId, 100 + index)))),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].every((status) => status === 200 || status === 429)).to.equal(true);
    for (const [index, { status }] of answers.entries()) {
      if (status === 429)
        expect((await post(JSON.stringify(readingOf(motor.productId, 100 + index)))).status).to.equal(200);
    }
  });

  it("CoAP, a reading with its sensor's signature, is taken; without one, or with another's, it is not", async () => {
    const unsigned = parseReading(readingOf(motor.productId, 1, { sensor: "signed-1" }));
    const signed = await signReading(unsigned, { key: sensorKey });
    expect(await send(JSON.stringify(signed))).to.deep.equal({ code: "2.04", text: "accepted" });
    expect(await send(JSON.stringify(signed))).to.deep.equal({ code: "2.04", text: "duplicate" });
    const refused = await send(JSON.stringify({ ...signed, sequence: 2 }));
    expect(refused.code).to.equal("4.00");
    expect(refused.text).to.include("signature-invalid");
    expect((await send(JSON.stringify(unsigned))).text).to.include("signature-missing");
    expect((await send(JSON.stringify(readingOf(motor.productId, 999)))).text).to.include("signature-missing");
  });

  it("CoAP, to another path, by another method or too large, is refused", async () => {
    expect((await send("{}", { path: "/other" })).code).to.equal("4.04");
    expect((await send("{}", { method: "GET" })).code).to.equal("4.05");
    expect((await send("x".repeat(1_100))).code).to.match(/^4\.13$/);
  });

  it("a product whose passport is not issued yet, is known not to be paired: the relay serves the others", async () => {
    const { context } = clientOf(suite);
    const store = createDiskStore(join(suite.folder, "documents"));
    const readingsAnchor = suite.addressBook.contracts.readingsAnchor.address;
    const chain = connectChain({ context: { ...context, store, readingsAnchor }, gateway, deadlineSeconds: 60 });
    expect([await chain.readPairing(productIdOf(99_999))]).to.deep.equal([undefined]);
  });

  it("unpaired, a product's readings are rejected; paired again, they are taken", async () => {
    await recordPairing(suite, { gateway, passport: motor.passport, eventType: "GATEWAY_UNPAIRED" });
    let sequence = 1_000;
    const codeNow = async () =>
      (await post(JSON.stringify(readingOf(motor.productId, ++sequence)))).answer.results[0].code;
    await until(async () => (await codeNow()) === "not-paired", "the news of the unpairing");
    await recordPairing(suite, { gateway, passport: motor.passport, eventType: "GATEWAY_PAIRED" });
    await until(async () => (await codeNow()) === undefined, "the news of the pairing");
  });

  it("the relay's own clock jumping back and forth, rejects while it is wrong, and batches are cut all the same", async () => {
    const codeNow = async (sequence: number) =>
      (await post(JSON.stringify(readingOf(motor.productId, sequence)))).answer.results[0].code;
    const isAllCut = async () =>
      (await relay.metrics.registry.metrics()).includes("passport_relay_readings_unbatched 0");
    await until(isAllCut, "the batches before");
    ahead = -Date.now();
    expect(await codeNow(2_001)).to.equal("in-future");
    ahead = 74 * 365 * 86_400_000;
    expect(await codeNow(2_001)).to.equal("too-old");
    ahead = 0;
    expect(await codeNow(2_001)).to.equal(undefined);
    // By now it waits for its batch.
    await setTimeout(200);
    ahead = -86_400_000;
    try {
      await until(isAllCut, "a batch, though the clock was set back before it was due");
    } finally {
      ahead = 0;
    }
  });

  it("revoked, a gateway's readings are rejected with the time, and kept with the reason", async () => {
    const administrator = clientOf(suite, suite.participants.admin);
    await (await administrator.revokeAttester({ attester: gateway.address })).send();
    let sequence = 3_000;
    const codeNow = async () =>
      (await post(JSON.stringify(readingOf(motor.productId, ++sequence)))).answer.results[0].code;
    await until(async () => (await codeNow()) === "gateway-revoked", "the news of the revocation");
    const letters = join(suite.folder, `relay-${gateway.address}`, "dead-letters.ndjson");
    await until(async () => (await readFile(letters, "utf8")).includes("This gateway was revoked at 20"), "the letter");
    expect((await operations("/healthz")).status).to.equal(200);
  });

  it("/metrics, counts readings by transport and result", async () => {
    const text = await (await operations("/metrics")).text();
    expect(text).to.match(/passport_relay_readings_received_total\{transport="http",result="accepted"\} \d+/);
    expect(text).to.match(/passport_relay_readings_rejected_total\{transport="coap",code="signature-missing"\} 2/);
    for (const code of ["invalid", "malformed", "not-paired", "gateway-revoked", "in-future", "too-old"]) {
      expect(text).to.include(`passport_relay_readings_rejected_total{transport="http",code="${code}"}`);
    }
  });
});

const hasOpenssl = spawnSync("openssl", ["version"]).error === undefined;

describe("a relay that takes readings by client certificate over HTTP", function () {
  this.timeout(60_000);
  let suite: AnvilSuite;
  let folder: string;

  before(async function () {
    if (!hasOpenssl) {
      console.log("      skipped: openssl is not installed here");
      return this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), "certificates-"));
    makeCertificates(folder);
    suite = await startAnvilSuite({ epochBlocks: 2 });
  });
  after(async () => {
    await suite?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it("knows a sender by the certificate that its authority has signed, and nobody by an expired one, another one or none", async () => {
    const pem = async (name: string): Promise<string> => await readFile(join(folder, name), "utf8");
    const gateway = await accountAttester(Wallet.createRandom());
    const motor = await pairMotor(suite, { gateway });
    const own = { cert: await pem("relay.pem"), key: await pem("relay.key") };
    const certificateFingerprint = new X509Certificate(own.cert).fingerprint256;
    const expired = { cert: await pem("expired.pem"), key: await pem("expired.key") };
    const sender: Sender = { name: "press-4", products: [motor.productId] };
    const late: Sender = { name: "press-5, with an expired certificate", products: [motor.productId] };
    const other: Sender = { name: "another, without a certificate", products: [motor.productId] };
    const relay = await startRelay(suite, {
      gateway,
      products: [motor.productId],
      receivers: {
        http: {
          host: "127.0.0.1",
          port: 0,
          senders: [
            { sender, certificateFingerprint },
            { sender: late, certificateFingerprint: new X509Certificate(expired.cert).fingerprint256 },
            { sender: other, tokenSha256: sha256(TOKEN) },
          ],
          tls: {
            certificate: await pem("broker.pem"),
            key: await pem("broker.key"),
            clientAuthority: await pem("ca.pem"),
          },
          maximumBodyBytes: 100_000,
          maximumRequests: 2,
          retrySeconds: 3,
        },
      },
    });
    let sequence = 0;
    const ca = await pem("ca.pem");
    const post = async (options: object): Promise<number | undefined> =>
      await new Promise((resolve, reject) => {
        const url = `${relay.addresses["http"]}/readings`;
        const message = httpsRequest(url, { method: "POST", agent: false, ca, ...options }, (response) => {
          response.resume().on("end", () => resolve(response.statusCode));
        });
        message.on("error", reject).end(JSON.stringify(readingOf(motor.productId, ++sequence)));
      });
    const selfSigned = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    spawnSync("openssl", [...selfSigned, "-keyout", "forged.key", "-out", "forged.pem", "-subj", "/CN=relay"], {
      cwd: folder,
    });
    const forged = { cert: await pem("forged.pem"), key: await pem("forged.key") };
    const otherOfAuthority = { cert: await pem("broker.pem"), key: await pem("broker.key") };
    try {
      expect(await post(own)).to.equal(200);
      expect(await post(expired), "an expired certificate, though it is listed").to.equal(401);
      expect(await post({}), "no certificate").to.equal(401);
      expect(await post(forged), "a certificate that nobody vouches for").to.equal(401);
      expect(await post(otherOfAuthority), "the certificate of somebody who is no sender").to.equal(401);
      expect(await post({ headers: { authorization: `Bearer ${TOKEN}` } }), "a token").to.equal(200);
    } finally {
      await relay.close();
    }
  });
});

const hasMosquitto = spawnSync("mosquitto", ["-h"]).error === undefined;

describe("a relay as client of Mosquitto, over TLS with password and access list", function () {
  this.timeout(180_000);
  let suite: AnvilSuite;
  let folder: string;
  let broker: ReturnType<typeof spawn> | undefined;
  let gateway: Attester;
  let motor: PairedMotor;
  const port = 20_000 + (process.pid % 10_000);

  before(async function () {
    if (!hasMosquitto || !hasOpenssl) {
      console.log("      skipped: mosquitto and openssl are not both installed here");
      return this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), "mosquitto-"));
    makeCertificates(folder);
    for (const [user, password] of [
      ["relay", "relay-password"],
      ["press-4", "press-password"],
    ] as const) {
      spawnSync("mosquitto_passwd", [
        ...(user === "relay" ? ["-c"] : []),
        "-b",
        join(folder, "passwords"),
        user,
        password,
      ]);
    }
    await writeFile(
      join(folder, "acl"),
      "user relay\ntopic read plant/#\nuser press-4\ntopic write plant/press-4/readings\n",
    );
    await writeFile(
      join(folder, "mosquitto.conf"),
      [
        "per_listener_settings false",
        `listener ${port} 127.0.0.1`,
        `cafile ${folder}/ca.pem`,
        `certfile ${folder}/broker.pem`,
        `keyfile ${folder}/broker.key`,
        "allow_anonymous false",
        `password_file ${folder}/passwords`,
        `acl_file ${folder}/acl`,
        "user root",
        `listener ${port + 1} 127.0.0.1`,
        `cafile ${folder}/ca.pem`,
        `certfile ${folder}/broker.pem`,
        `keyfile ${folder}/broker.key`,
        "require_certificate true",
        "use_subject_as_username false",
        "use_identity_as_username true",
        "",
      ].join("\n"),
    );
    startMosquitto();
    suite = await startAnvilSuite({ epochBlocks: 2 });
    gateway = await accountAttester(Wallet.createRandom());
    motor = await pairMotor(suite, { gateway });
  });
  after(async () => {
    broker?.kill();
    await suite?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  const startMosquitto = (): void => {
    broker = spawn("mosquitto", ["-c", join(folder, "mosquitto.conf")], { stdio: "ignore" });
  };
  const press = async () =>
    await connectAsync(`mqtts://localhost:${port}`, {
      username: "press-4",
      password: "press-password",
      ca: await readFile(join(folder, "ca.pem")),
      protocolVersion: 5,
    });

  for (const protocolVersion of [5, 4] as const) {
    const version = protocolVersion === 5 ? "5" : "3.1.1";
    const first = protocolVersion * 1_000;

    it(`MQTT ${version}: what was published while the relay was away comes when it is back, each reading once`, async () => {
      const sender: Sender = { name: "press-4", products: [motor.productId] };
      const start = async () =>
        await startRelay(suite, {
          gateway,
          products: [motor.productId],
          receivers: {
            mqtt: {
              ...mqttOptions(`mqtts://localhost:${port}`, [{ filter: "plant/press-4/readings", sender }]),
              maximumInFlight: 2,
              clientId: `relay-${version}`,
              protocolVersion,
              username: "relay",
              password: "relay-password",
              tls: { authority: await readFile(join(folder, "ca.pem"), "utf8") },
            },
          },
        });
      let relay = await start();
      const isConnected = () => relay.readiness()["mqtt"] === undefined;
      await until(isConnected, "Mosquitto's answer");
      await relay.close();

      const publisher = await press();
      for (let sequence = first + 1; sequence <= first + 50; sequence++) {
        const reading = JSON.stringify(readingOf(motor.productId, sequence));
        await publisher.publishAsync("plant/press-4/readings", reading, { qos: 1 });
      }
      await publisher.endAsync();
      relay = await start();
      const accepted = async () =>
        (await relay.metrics.readings.get()).values.find(({ labels }) => labels["result"] === "accepted")?.value ?? 0;
      await until(async () => (await accepted()) === 50, "the readings of the meantime");

      // Whoever redelivers everything is told that it is known.
      const again = await press();
      const reading = readingOf(motor.productId, first + 51);
      for (let time = 0; time < 3; time++) {
        await again.publishAsync("plant/press-4/readings", JSON.stringify(reading), { qos: 1 });
      }
      await again.endAsync();
      const duplicates = async () =>
        (await relay.metrics.readings.get()).values.find(({ labels }) => labels["result"] === "duplicate")?.value ?? 0;
      await until(async () => (await duplicates()) === 2, "two duplicates");
      expect(await accepted()).to.equal(51);
      await relay.close();
    });
  }

  it("a broker that asks for a certificate, knows the relay by it; without one, says so and is waited for", async () => {
    const sender: Sender = { name: "press-4", products: [motor.productId] };
    const pem = async (name: string): Promise<string> => await readFile(join(folder, name), "utf8");
    const authority = await pem("ca.pem");
    const certified = { authority, certificate: await pem("relay.pem"), key: await pem("relay.key") };
    const url = `mqtts://localhost:${port + 1}`;
    const start = async (tls: { readonly authority: string; readonly certificate?: string; readonly key?: string }) =>
      await startRelay(suite, {
        gateway,
        products: [motor.productId],
        receivers: { mqtt: { ...mqttOptions(url, [{ filter: "plant/press-4/readings", sender }]), tls } },
      });
    const stranger = await start({ authority });
    await until(() => /alert|certificate|lost|refused/i.test(stranger.readiness()["mqtt"] ?? ""), "the refusal");
    await stranger.close();

    const relay = await start(certified);
    await until(() => relay.readiness()["mqtt"] === undefined, "the broker's answer");
    const publisher = await press();
    const reading = JSON.stringify(readingOf(motor.productId, 9_001));
    await publisher.publishAsync("plant/press-4/readings", reading, { qos: 1 });
    await publisher.endAsync();
    await until(
      async () => (await relay.metrics.registry.metrics()).includes('{transport="mqtt",result="accepted"} 1'),
      "the reading",
    );
    await relay.close();
  });

  it("a wrong password, is waited out and said", async () => {
    const relay = await startRelay(suite, {
      gateway,
      products: [motor.productId],
      receivers: {
        mqtt: {
          ...mqttOptions(`mqtts://localhost:${port}`, []),
          username: "relay",
          password: "wrong",
          tls: { authority: await readFile(join(folder, "ca.pem"), "utf8") },
        },
      },
    });
    await until(() => /not auth|refused/i.test(relay.readiness()["mqtt"] ?? ""), "the refusal");
    await relay.close();
  });

  it("a broker that nobody vouches for, is not believed", async () => {
    const relay = await startRelay(suite, {
      gateway,
      products: [motor.productId],
      receivers: {
        mqtt: { ...mqttOptions(`mqtts://localhost:${port}`, []), username: "relay", password: "relay-password" },
      },
    });
    await until(() => /certificate/i.test(relay.readiness()["mqtt"] ?? ""), "the refusal");
    await relay.close();
  });
});

/**
 * A certificate authority, and the certificates that it has signed: the broker's for localhost, the relay's, and one that
 * expires at once.
 */
function makeCertificates(folder: string): void {
  const openssl = (...parameters: readonly string[]): void => {
    const { status, stderr } = spawnSync("openssl", parameters, { cwd: folder });
    if (status !== 0) throw new Error(stderr.toString());
  };
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const certify = (name: string, { subject = name, days = "2", extension = [] as readonly string[] } = {}): void => {
    openssl("req", ...curve, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${subject}`, ...extension);
    const authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-days", days, "-copy_extensions", "copy"];
    openssl("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.pem`, ...authority);
  };
  openssl("req", "-x509", ...curve, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test authority", "-days", "2");
  const extension = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  certify("broker", { subject: "localhost", extension });
  certify("relay");
  certify("expired", { days: "0" });
}
