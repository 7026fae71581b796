import { expect } from "chai";
import { AbiCoder, getBytes, hexlify } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";
import { createProvider } from "../../sdk/src/chain/create-provider.js";
import { DigitalPassport__factory } from "../../sdk/src/contracts/index.js";
import type { DocumentStore } from "../../sdk/src/document/stores/document-store.js";
import { isPassportError, PassportError } from "../../sdk/src/errors/passport-error.js";
import { eventTypeOf } from "../../sdk/src/primitives/event-type.js";
import { deploySuite, issuePassport, productIdOf, WEG_NAMESPACE } from "../support/deploy-suite.js";
import { type Outage, RpcRefusal, startLyingRpc } from "../support/lying-rpc.js";
import { issueMotor, recordEntry, recordMotor, SAMPLE_DATA, storeSample } from "../support/recorded-motor.js";
import {
  ALL_PROVEN,
  CHAIN_ID,
  codesOf,
  createAuditor,
  type VerificationSetting,
} from "../support/verification-bench.js";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;
const rpc = await startLyingRpc(connection.provider);
const passportInterface = DigitalPassport__factory.createInterface();

const { livingMotor, verify } = createAuditor(connection, [rpc]);
const ALL_VALID = { ...ALL_PROVEN, freshness: "freshness.current" };

/** Lets the node answer one view of the passport otherwise. */
const lieAboutView = (view: Parameters<typeof passportInterface.getFunction>[0], answer: string): void => {
  const selector = passportInterface.getFunction(view)?.selector;
  rpc.lie("eth_call", (honest, { params }) => (params[0].data.startsWith(selector) ? answer : honest));
};

// biome-ignore lint/suspicious/noExplicitAny: a log as JSON-RPC has it.
type RawLog = any;
const lieAboutLogs = (lie: (logs: readonly RawLog[]) => unknown): void => rpc.lie("eth_getLogs", lie);
const word = (value: bigint | string): string => AbiCoder.defaultAbiCoder().encode(["uint256"], [value]);

after(() => rpc.close());
afterEach(() => rpc.recover());

describe("verifyPassport", () => {
  it("of a motor that was issued, tested, sold, installed and maintained, proves everything", async () => {
    const setting = await loadFixture(livingMotor);
    const report = await verify(setting);
    expect(codesOf(report)).to.deep.equal(ALL_VALID);
    expect(report).to.include({ status: "valid", productId: setting.motor.productId });
    expect(report.findings).to.deep.equal([]);
    expect(report.verdicts.condition.details.inWords).to.deep.equal(["ISSUED", "IN_SERVICE"]);
    expect(report.verdicts.registration.details.namespace).to.equal(WEG_NAMESPACE);
    expect(report.evidence?.entries).to.have.property("value").with.length(5);
  });

  it("by the URL of the product, finds the passport and proves the same", async () => {
    const setting = await loadFixture(livingMotor);
    const report = await verify(setting, { passport: setting.motor.productId });
    expect(codesOf(report)).to.deep.equal(ALL_VALID);
    expect(report.passport).to.equal(await setting.motor.passport.getAddress());
  });

  it("of a product that has no passport, is invalid in the registration alone", async () => {
    const report = await verify(await loadFixture(livingMotor), { passport: productIdOf(999_999) });
    expect(report).to.include({ status: "invalid", passport: undefined });
    expect(report.verdicts.registration.code).to.equal("registration.not-issued");
    expect(report.verdicts.history.status).to.equal("notApplicable");
  });

  it("of a product or an address that a block too old to know it has no passport for, is unknown", async () => {
    const setting = await loadFixture(livingMotor);
    const { stranger } = setting.suite.accounts;
    const now = BigInt(await time.latest());
    for (const options of [{ level: "finalized" }, { context: { clock: () => now + 7_200n } }] as const) {
      for (const passport of [productIdOf(999_999), stranger.address]) {
        const report = await verify(setting, { passport, ...options });
        expect(report.status).to.equal("unknown");
        expect(report.verdicts.registration.code).to.equal("chain.block-too-old");
      }
    }
  });

  it("of an account, and of a contract that is no passport, is invalid", async () => {
    const setting = await loadFixture(livingMotor);
    const { accounts, registry } = setting.suite;
    const ofAccount = await verify(setting, { passport: accounts.stranger.address });
    expect(ofAccount.verdicts.registration.code).to.equal("registration.no-passport");
    const ofContract = await verify(setting, { passport: await registry.getAddress() });
    expect(ofContract.verdicts.registration.code).to.equal("registration.code-foreign");
    expect(ofContract.status).to.equal("invalid");
  });

  it("without a registry, does not know whether the passport is genuine, and judges the rest", async () => {
    const report = await verify(await loadFixture(livingMotor), { context: { registry: undefined } });
    expect(codesOf(report)).to.deep.equal({ ...ALL_VALID, registration: "registration.registry-not-pinned" });
    expect(report.status).to.equal("unknown");
  });

  it("with the hash of the expected code, accepts it and refuses another one", async () => {
    const setting = await loadFixture(livingMotor);
    const hash = ethers.keccak256((await setting.suite.implementation.getDeployedCode()) ?? "0x");
    expect((await verify(setting, { implementationCodeHash: hash })).status).to.equal("valid");
    const other = await verify(setting, { implementationCodeHash: ethers.ZeroHash });
    expect(other.verdicts.registration.code).to.equal("registration.implementation-foreign");
  });

  it("of a copy of the whole suite with the same product, refuses the copy", async () => {
    const { suite, motor } = await loadFixture(livingMotor);
    const counterfeit = await recordMotor(await deploySuite(connection), { productId: motor.productId });
    const report = await verify({ suite, motor: counterfeit });
    expect(report.verdicts.registration.code).to.equal("registration.factory-foreign");
    expect(report.verdicts.history.status, "its own history is true").to.equal("valid");
    expect(report.status).to.equal("invalid");
  });

  it("of a caller's mistake, throws and names the field", async () => {
    const setting = await loadFixture(livingMotor);
    for (const [options, field] of [
      [{ passport: "0x1234" }, "passport"],
      [{ passport: setting.motor.productId, context: { registry: undefined } }, "registry"],
      [{ implementationCodeHash: "0x1234" }, "options"],
      [{ fromBlock: -1n }, "options"],
    ] as const) {
      const error: unknown = await verify(setting, options).catch((caught: unknown) => caught);
      expect(isPassportError(error, "input.invalid"), field).to.equal(true);
      expect(error).to.have.nested.property("details.field", field);
    }
    const wrongDigit = await verify(setting, { passport: `${WEG_NAMESPACE}01/09521234567890/21/1` }).catch((e) => e);
    expect(isPassportError(wrongDigit, "identifier.check-digit")).to.equal(true);
  });
});

describe("verifyPassport, what happened to the product", () => {
  it("of a recall and a theft, is valid, because true, and warns", async () => {
    const setting = await loadFixture(livingMotor);
    const { accounts } = setting.suite;
    await recordEntry(setting.motor, "RECALLED", accounts.manufacturer);
    await recordEntry(setting.motor, "STOLEN", accounts.buyer);
    const report = await verify(setting);
    expect(codesOf(report)).to.deep.equal({ ...ALL_VALID, condition: "condition.notable" });
    expect(report.status).to.equal("valid");
    expect(report.findings.map(({ code }) => code)).to.deep.equal(["condition.stolen", "condition.recalled"]);
  });

  it("of a lock and its release, proves both, though they share a document", async () => {
    const setting = await loadFixture(livingMotor);
    const { passport, store, productId } = setting.motor;
    const { buyer, retailer } = setting.suite.accounts;
    const document = await storeSample(store, "LOCKED", { productId, attester: buyer.address });
    await passport.connect(buyer).lock(retailer, (await time.latest()) + 86_400, document);
    const locked = await verify(setting);
    expect(locked.findings.map(({ code }) => code)).to.deep.equal(["condition.locked"]);
    await passport.connect(retailer).release();
    expect(codesOf(await verify(setting))).to.deep.equal(ALL_VALID);
  });

  it("of a key reported as stolen, disputes what it recorded since and nothing else", async () => {
    const setting = await loadFixture(livingMotor);
    const { manager, accounts } = setting.suite;
    const [, , , , maintained] = (await verify(setting)).verdicts.documents.details.documents ?? [];
    const since = maintained?.entry.recordedAt ?? 0n;
    await manager.reportCompromise(accounts.technician, since);
    const report = await verify(setting);
    expect(codesOf(report)).to.deep.equal({ ...ALL_VALID, authority: "authority.disputed" });
    expect(report.verdicts.authority.details.disputes).to.deep.equal([
      { attester: accounts.technician.address, since, sequences: [5n] },
    ]);
    expect(report.status).to.equal("unknown");
  });

  it("of a technician revoked later, still proves what he recorded", async () => {
    const setting = await loadFixture(livingMotor);
    await setting.suite.manager.revoke(setting.suite.accounts.technician);
    expect(codesOf(await verify(setting))).to.deep.equal(ALL_VALID);
  });

  it("of corrections, counts those of the same attester and of the manufacturer", async () => {
    const setting = await loadFixture(livingMotor);
    const { technician, manufacturer, logistics } = setting.suite.accounts;
    await recordEntry(setting.motor, "CORRECTED", technician, {
      sequence: 5,
      reason: "Typo",
      correction: "One bearing",
    });
    await recordEntry(setting.motor, "REVOKED", logistics, { sequence: 2, reason: "We do not like it" });
    await recordEntry(setting.motor, "REVOKED", manufacturer, { sequence: 4, reason: "Never happened" });
    const report = await verify(setting);
    expect(report.status).to.equal("valid");
    expect(report.findings.map(({ code, sequences }) => [code, sequences])).to.deep.equal([
      ["authority.corrected", [5n, 6n]],
      ["authority.revoked", [4n, 8n]],
    ]);
  });

  it("of a successor and its predecessor that name each other, proves the link from both sides", async () => {
    const { suite, motor } = await loadFixture(livingMotor);
    const predecessor = {
      productId: motor.productId,
      passport: await motor.passport.getAddress(),
      head: await motor.passport.head(),
    };
    const successor = await issueMotor(suite, {
      store: motor.store,
      data: { ...SAMPLE_DATA.MANUFACTURED, predecessor },
    });
    const claimed = await verify({ suite, motor: successor });
    expect(claimed.verdicts.succession.code).to.equal("succession.unconfirmed");

    const named = { productId: successor.productId, passport: await successor.passport.getAddress() };
    await recordEntry(motor, "SUPERSEDED", suite.accounts.buyer, { successor: named, reason: "Rewound" });
    const confirmed = await verify({ suite, motor: successor });
    expect(codesOf(confirmed)).to.deep.equal({ ...ALL_VALID, succession: "succession.mutual" });
    const old = await verify({ suite, motor });
    expect(old.verdicts.succession.code).to.equal("succession.mutual");
    expect(old.findings.map(({ code }) => code)).to.deep.equal(["condition.superseded"]);
  });

  it("of a product whose registered identifier is not in its normal form, is invalid", async () => {
    const { suite, motor } = await loadFixture(livingMotor);
    const productId = `${WEG_NAMESPACE}01/09521234567899/21/7%2d7`;
    const report = await verify({ suite, motor: { ...motor, passport: await issuePassport(suite, { productId }) } });
    expect(report.verdicts.registration.code).to.equal("registration.identifier-invalid");
  });
});

describe("verifyPassport, documents", () => {
  const withStore = (setting: VerificationSetting, get: DocumentStore["get"]) =>
    verify(setting, { context: { store: storeOf(get) } });
  const storeOf = (get: DocumentStore["get"]): DocumentStore => ({
    get,
    put: () => Promise.reject(new Error("nobody writes here")),
  });

  it("without a store, are unknown", async () => {
    const report = await verify(await loadFixture(livingMotor), { context: { store: undefined } });
    expect(report.verdicts.documents.code).to.equal("documents.no-store");
    expect(report.verdicts.succession.code).to.equal("succession.unreadable");
    expect(report.status).to.equal("unknown");
  });

  it("of a store that changes one byte, are invalid: the store lied", async () => {
    const setting = await loadFixture(livingMotor);
    const report = await withStore(setting, async (digest) => {
      const bytes = Uint8Array.from(await setting.motor.store.get(digest));
      bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
      return bytes;
    });
    expect(report.status).to.equal("invalid");
    expect(report.verdicts.documents.code).to.equal("documents.invalid");
    expect(report.verdicts.history.status, "the chain is not to blame").to.equal("valid");
  });

  it("of a store that returns another document, are invalid", async () => {
    const setting = await loadFixture(livingMotor);
    const [other] = (await verify(setting)).verdicts.documents.details.documents ?? [];
    const report = await withStore(setting, () => setting.motor.store.get(other?.entry.document ?? expect.fail()));
    expect(report.verdicts.documents.code).to.equal("documents.invalid");
    expect(report.verdicts.documents.values).to.include({ entries: "entries 2, 3, 4 and 5" });
  });

  it("of a store that lost one, are unknown and name it", async () => {
    const setting = await loadFixture(livingMotor);
    const [, tested] = (await verify(setting)).verdicts.documents.details.documents ?? [];
    const report = await withStore(setting, (digest) => {
      if (digest === tested?.entry.document) throw new PassportError("document.not-found", { cid: digest });
      return setting.motor.store.get(digest);
    });
    expect(report.status).to.equal("unknown");
    expect(report.verdicts.documents.values).to.include({ entries: "entry 2" });
  });

  it("with a certificate attached, compares the file where asked to, and finds it changed or missing", async () => {
    const setting = await loadFixture(livingMotor);
    const { store, passport, productId } = setting.motor;
    const { certifier } = setting.suite.accounts;
    const file = await store.putFile(new Blob(["%PDF-1.7 passed"]));
    const document = await storeSample(store, "QUALITY_TESTED", {
      productId,
      attester: certifier.address,
      attachments: [{ name: "Certificate", mediaType: "application/pdf", ...file }],
    });
    await passport.connect(certifier).attest(eventTypeOf("QUALITY_TESTED"), document);
    expect((await verify(setting)).verdicts.documents.reason).to.match(/The file that they list is not looked at\.$/);

    const withFile = (getFile: DocumentStore["getFile"]) =>
      verify(setting, { withAttachments: true, context: { store: { ...store, ...(getFile && { getFile }) } } });
    expect((await withFile(store.getFile)).verdicts.documents.reason).to.match(/unchanged, too\.$/);
    const forged = await withFile(async function* () {
      yield new TextEncoder().encode("%PDF-1.7 failed");
    });
    expect(forged.verdicts.documents).to.include({ status: "invalid", code: "documents.attachment-invalid" });
    await store.unpin(file.cid);
    const lost = await withFile(store.getFile);
    expect(lost.verdicts.documents).to.include({ status: "unknown", code: "documents.attachment-unknown" });
    const { getFile: _, ...withoutFiles } = store;
    const unable = await verify(setting, { withAttachments: true, context: { store: withoutFiles } });
    expect(unable.verdicts.documents.code).to.equal("documents.attachment-unknown");
  });

  it("of a store that is down, in whatever way it says so, are unknown", async () => {
    const setting = await loadFixture(livingMotor);
    for (const error of [new PassportError("store.unreachable", { store: "s", problem: "down" }), new Error("ECONN")]) {
      const report = await withStore(setting, () => Promise.reject(error));
      expect(report.status).to.equal("unknown");
      expect(report.verdicts.documents.details.documents?.[0]).to.include({ code: "store.unreachable" });
    }
  });

  it("of another product, recorded by a technician, are invalid for ever", async () => {
    const setting = await loadFixture(livingMotor);
    const { store, passport } = setting.motor;
    const { technician } = setting.suite.accounts;
    const document = await storeSample(store, "MAINTAINED", {
      productId: productIdOf(1),
      attester: technician.address,
    });
    await passport.connect(technician).attest(eventTypeOf("MAINTAINED"), document);
    const report = await verify(setting);
    expect(report.verdicts.documents.details.documents?.[5]).to.include({ code: "document.other-product" });
    expect(report.status).to.equal("invalid");
  });
});

describe("verifyPassport, a node that fails", () => {
  for (const outage of [
    "server error",
    "no JSON",
    "hang up",
    "too many requests",
  ] as const satisfies readonly Outage[]) {
    it(`by "${outage}", leaves everything unknown and nothing invalid`, async () => {
      const setting = await loadFixture(livingMotor);
      rpc.fail(outage);
      const report = await verify(setting);
      expect(new Set(Object.values(codesOf(report)))).to.deep.equal(new Set(["chain.unreachable"]));
      expect(report.status).to.equal("unknown");
    });
  }

  for (const outage of ["silence", "endless answer"] as const satisfies readonly Outage[]) {
    it(`by "${outage}", is given up in time, in bounded memory`, async () => {
      const setting = await loadFixture(livingMotor);
      rpc.fail(outage);
      const impatient = createProvider(rpc.url, { chainId: CHAIN_ID, timeoutMilliseconds: 1_500 });
      const started = performance.now();
      const report = await verify(setting, { context: { provider: impatient } });
      impatient.destroy();
      expect(new Set(Object.values(codesOf(report)))).to.deep.equal(new Set(["chain.unreachable"]));
      expect(performance.now() - started).to.be.lessThan(15_000);
    });
  }

  it("that is not there at all, leaves everything unknown", async () => {
    const setting = await loadFixture(livingMotor);
    const gone = createProvider("http://127.0.0.1:1", { chainId: CHAIN_ID });
    const report = await verify(setting, { context: { provider: gone } });
    gone.destroy();
    expect(report.verdicts.registration).to.include({ status: "unknown", code: "chain.unreachable" });
  });

  for (const method of ["eth_call", "eth_getLogs", "eth_getCode", "eth_getBlockByNumber"]) {
    it(`at ${method} alone, is never called a forgery`, async () => {
      const setting = await loadFixture(livingMotor);
      rpc.fail("server error", method);
      const report = await verify(setting);
      expect(report.status).to.equal("unknown");
      expect(Object.values(codesOf(report))).to.include("chain.unreachable");
    });
  }

  it("that does not know safe and finalized blocks, proves everything all the same", async () => {
    const setting = await loadFixture(livingMotor);
    rpc.lie("eth_getBlockByNumber", (block, { params: [tag] }) => {
      if (tag === "safe" || tag === "finalized") throw new RpcRefusal("unknown block");
      return block;
    });
    const report = await verify(setting);
    expect(codesOf(report)).to.deep.equal(ALL_VALID);
    expect(report.verdicts.freshness.details.lastEntryLevel).to.equal("sequenced");
    expect((await verify(setting, { level: "finalized" })).status).to.equal("unknown");
  });

  it("that limits ranges of blocks, still gives the whole history", async () => {
    const setting = await loadFixture(livingMotor);
    rpc.lie("eth_getLogs", (logs, { params: [{ fromBlock, toBlock }] }) => {
      if (BigInt(toBlock) - BigInt(fromBlock) >= 4n) throw new RpcRefusal("query exceeds max block range 4", -32_005);
      return logs;
    });
    expect(codesOf(await verify(setting))).to.deep.equal(ALL_VALID);
    expect(rpc.calls.get("eth_getLogs")).to.be.greaterThan(5);
  });

  it("whose chain is reorganised meanwhile, is asked again; if it never settles, all is unknown", async () => {
    const setting = await loadFixture(livingMotor);
    let asked = 0;
    const shakeUntil = (last: number) =>
      rpc.lie("eth_getBlockByNumber", (block, { params: [tag] }) => {
        if (tag === "safe" || tag === "finalized") return block;
        return ++asked > last ? block : { ...block, hash: word(BigInt(asked)) };
      });
    shakeUntil(2);
    expect((await verify(setting)).status).to.equal("valid");
    shakeUntil(Number.POSITIVE_INFINITY);
    const report = await verify(setting);
    expect(report.verdicts.history).to.include({ status: "unknown", code: "chain.unreachable" });
  });

  it("of another chain, leaves everything unknown", async () => {
    const setting = await loadFixture(livingMotor);
    rpc.lie("eth_chainId", () => "0x1");
    const report = await verify(setting);
    expect(report.verdicts.registration).to.include({ status: "unknown", code: "chain.wrong-chain" });
    expect(report.status).to.equal("unknown");
  });

  it("that is hours behind, or in the future, is not fresh", async () => {
    const setting = await loadFixture(livingMotor);
    const now = BigInt(await time.latest());
    for (const [clock, code] of [
      [() => now + 7_200n, "freshness.stale"],
      [() => now - 7_200n, "freshness.ahead"],
    ] as const) {
      const report = await verify(setting, { context: { clock } });
      expect(codesOf(report)).to.deep.equal({ ...ALL_VALID, freshness: code });
      expect(report.status).to.equal("unknown");
    }
    const patient = await verify(setting, { context: { clock: () => now + 7_200n }, maximumAgeSeconds: 10_000n });
    expect(patient.status).to.equal("valid");
  });
});

describe("verifyPassport, a node that lies", () => {
  const stateLies = {
    "a head of its own": ["head", word(1n), "history.head-differs"],
    "another owner": ["owner", word(1n), "history.state-differs"],
    "another condition": ["condition", word(1n), "history.state-differs"],
    "a later time of the last entry": ["lastRecordedAt", word(1n), "history.state-differs"],
    "more entries than there are": ["entryCount", word(6n), "history.incomplete"],
    "fewer entries than there are": ["entryCount", word(4n), "history.surplus"],
    "no entry at all": ["entryCount", word(0n), "history.empty"],
  } as const;
  for (const [lie, [view, answer, code]] of Object.entries(stateLies)) {
    it(`about ${lie}, is found out`, async () => {
      const setting = await loadFixture(livingMotor);
      lieAboutView(view, answer);
      const report = await verify(setting);
      expect(report.verdicts.history.code).to.equal(code);
      expect(report.status).not.to.equal("valid");
    });
  }

  const replaceData = (log: RawLog, position: number, value: string): RawLog => {
    const start = 2 + 64 * position;
    return { ...log, data: log.data.slice(0, start) + value.slice(2) + log.data.slice(start + 64) };
  };
  const logLies: Readonly<Record<string, readonly [(logs: readonly RawLog[]) => unknown, string]>> = {
    "the last entry left out": [(logs) => logs.slice(0, -1), "history.incomplete"],
    "the first entry left out": [(logs) => logs.slice(1), "history.incomplete"],
    "an entry between left out": [(logs) => logs.filter((_, index) => index !== 2), "chain.answer-invalid"],
    "all entries left out": [() => [], "history.incomplete"],
    "an entry twice": [(logs) => [...logs, logs[4]], "chain.answer-invalid"],
    "two sequences swapped": [
      (logs) =>
        logs.map((log, index) => ({
          ...log,
          topics: index === 1 ? logs[2].topics : index === 2 ? logs[1].topics : log.topics,
        })),
      "chain.answer-invalid",
    ],
    "another document": [
      (logs) => logs.map((log, index) => (index === 4 ? replaceData(log, 1, word(1n)) : log)),
      "history.head-differs",
    ],
    "another role": [
      (logs) => logs.map((log, index) => (index === 4 ? replaceData(log, 0, word(1n)) : log)),
      "history.head-differs",
    ],
    "another attester": [
      (logs) =>
        logs.map((log, index) =>
          index === 4 ? { ...log, topics: [...log.topics.slice(0, 3), logs[1].topics[3]] } : log,
        ),
      "history.head-differs",
    ],
    "another event": [
      (logs) =>
        logs.map((log, index) =>
          index === 4
            ? { ...log, topics: [log.topics[0], log.topics[1], eventTypeOf("REPAIRED"), log.topics[3]] }
            : log,
        ),
      "history.head-differs",
    ],
    "another previous time": [
      (logs) => logs.map((log, index) => (index === 4 ? replaceData(log, 3, word(1n)) : log)),
      "chain.answer-invalid",
    ],
    "an entry of a block that was taken back": [
      (logs) => logs.map((log, index) => ({ ...log, removed: index === 4 })),
      "chain.answer-invalid",
    ],
    "an entry of another contract": [
      (logs) => logs.map((log, index) => (index === 4 ? { ...log, address: `0x${"1".repeat(40)}` } : log)),
      "chain.answer-invalid",
    ],
    "an entry of a later block than asked for": [
      (logs) => logs.map((log, index) => (index === 4 ? { ...log, blockNumber: "0xffffff" } : log)),
      "chain.answer-invalid",
    ],
    "an event of another kind": [
      (logs) => logs.map((log, index) => (index === 4 ? { ...log, topics: [word(1n), ...log.topics.slice(1)] } : log)),
      "chain.answer-invalid",
    ],
    "an entry cut off": [
      (logs) => logs.map((log, index) => (index === 4 ? { ...log, data: log.data.slice(0, 66) } : log)),
      "chain.answer-invalid",
    ],
    "an attester that is no address": [
      (logs) =>
        logs.map((log, index) =>
          index === 4 ? { ...log, topics: [...log.topics.slice(0, 3), word(2n ** 200n)] } : log,
        ),
      "chain.answer-invalid",
    ],
    "nothing instead of logs": [() => null, "chain.answer-invalid"],
    "words instead of logs": [() => "no logs today", "chain.answer-invalid"],
    "logs without fields": [(logs) => logs.map(() => ({})), "chain.unreachable"],
  };
  for (const [lie, [change, code]] of Object.entries(logLies)) {
    it(`by showing ${lie}, is found out`, async () => {
      const setting = await loadFixture(livingMotor);
      lieAboutLogs(change);
      const report = await verify(setting);
      expect(report.verdicts.history.code).to.equal(code);
      expect(report.status).not.to.equal("valid");
    });
  }

  it("by showing the entries of another passport under this address, is found out", async () => {
    const setting = await loadFixture(livingMotor);
    const other = await recordMotor(setting.suite, { store: setting.motor.store });
    const address = await setting.motor.passport.getAddress();
    const foreign = await connection.provider.request({
      method: "eth_getLogs",
      params: [{ address: await other.passport.getAddress(), fromBlock: "0x0" }],
    });
    // Safety: a node answers eth_getLogs with a list; the buyer's offer is in it, too.
    const entries = (foreign as RawLog[]).filter(({ topics }) => topics.length === 4 && BigInt(topics[1]) < 6n);
    lieAboutLogs(() => entries.map((log) => ({ ...log, address })));
    expect((await verify(setting)).verdicts.history.status).not.to.equal("valid");
    lieAboutLogs(() => entries);
    expect((await verify(setting)).verdicts.history.code).to.equal("chain.answer-invalid");
  });

  it("by showing the logs in another order, does no harm", async () => {
    const setting = await loadFixture(livingMotor);
    lieAboutLogs((logs) => [...logs].reverse());
    expect(codesOf(await verify(setting))).to.deep.equal(ALL_VALID);
  });

  it("about the code of passport or implementation, is found out", async () => {
    const setting = await loadFixture(livingMotor);
    const passport = (await setting.motor.passport.getAddress()).toLowerCase();
    const lies = {
      "registration.no-passport": (code: string, isPassport: boolean) => (isPassport ? "0x" : code),
      "registration.factory-foreign": (code: string, isPassport: boolean) => (isPassport ? code.slice(0, -2) : code),
      "registration.code-foreign": (code: string, isPassport: boolean) => (isPassport ? code.slice(0, 92) : code),
      "registration.implementation-changed": (code: string, isPassport: boolean) => (isPassport ? code : `${code}00`),
      "chain.answer-invalid": (code: string, isPassport: boolean) => (isPassport ? code : "0xzz"),
    };
    for (const [expected, lie] of Object.entries(lies)) {
      rpc.lie("eth_getCode", (code, { params: [address] }) => lie(code, address.toLowerCase() === passport));
      const report = await verify(setting);
      expect(report.verdicts.registration.code).to.equal(expected);
      expect(report.status).not.to.equal("valid");
    }
  });

  for (const garbage of ["0x", "0x12", "garbage", null, 7, {}, `0x${"ff".repeat(31)}`]) {
    it(`by answering every call with ${JSON.stringify(garbage)}, proves nothing`, async () => {
      const setting = await loadFixture(livingMotor);
      rpc.lie("eth_call", () => garbage);
      const report = await verify(setting);
      for (const verdict of ["registration", "history", "authority"] as const) {
        expect(report.verdicts[verdict].status, verdict).to.equal("unknown");
      }
    });
    it(`by answering everything with ${JSON.stringify(garbage)}, proves nothing`, async () => {
      const setting = await loadFixture(livingMotor);
      for (const method of ["eth_chainId", "eth_getBlockByNumber", "eth_call", "eth_getLogs", "eth_getCode"]) {
        rpc.lie(method, () => garbage);
      }
      expect((await verify(setting)).status).to.equal("unknown");
    });
  }

  it("by changing any byte of any log or code, never gets a valid verdict", async () => {
    const setting = await loadFixture(livingMotor);
    const change = fc.record({
      method: fc.constantFrom("eth_getLogs", "eth_getCode"),
      item: fc.nat({ max: 4 }),
      position: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      mask: fc.integer({ min: 1, max: 255 }),
    });
    const spoil = (hex: string, position: number, mask: number): string => {
      const bytes = getBytes(hex);
      const index = Math.floor(position * bytes.length);
      return hexlify(bytes.map((byte, at) => (at === index ? byte ^ mask : byte)));
    };
    await fc.assert(
      fc.asyncProperty(change, async ({ method, item, position, mask }) => {
        rpc.recover();
        rpc.lie(method, (answer) => {
          if (typeof answer === "string") return spoil(answer, position, mask);
          return answer.map((log: RawLog, index: number) => {
            if (index !== item) return log;
            return mask % 2 === 0
              ? { ...log, data: spoil(log.data, position, mask) }
              : {
                  ...log,
                  topics: log.topics.map((topic: string, at: number) =>
                    at === 1 + (mask % 3) ? spoil(topic, position, mask) : topic,
                  ),
                };
          });
        });
        expect((await verify(setting)).status).not.to.equal("valid");
      }),
      { numRuns: 25 },
    );
  });
});
