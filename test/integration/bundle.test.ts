import { expect } from "chai";
import { keccak256, toUtf8Bytes } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";
import { type CreateBundleOptions, createBundle } from "../../sdk/src/bundle/create-bundle.js";
import { type VerifyBundleOptions, verifyBundle } from "../../sdk/src/bundle/verify-bundle.js";
import { createProvider } from "../../sdk/src/chain/create-provider.js";
import { canonicalise } from "../../sdk/src/document/canonicalise.js";
import { createMemoryStore } from "../../sdk/src/document/stores/memory-store.js";
import { isPassportError } from "../../sdk/src/errors/passport-error.js";
import { parseAddress } from "../../sdk/src/primitives/hex.js";
import { verifyPassport } from "../../sdk/src/verify/verify-passport.js";
import { deploySuite, productIdOf } from "../support/deploy-suite.js";
import { RpcRefusal, startLyingRpc } from "../support/lying-rpc.js";
import { issueMotor, recordEntry, recordMotor, SAMPLE_DATA } from "../support/recorded-motor.js";
import { refusalOf } from "../support/sdk-clients.js";
import {
  ALL_PROVEN,
  CHAIN_ID,
  codesOf,
  createAuditor,
  type VerificationSetting,
} from "../support/verification-bench.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;
const rpc = await startLyingRpc(connection.provider);

const DAY = 86_400n;

const { livingMotor } = createAuditor(connection, [rpc]);

/** A file and what somebody trusts who gets it. */
interface BundleSetting {
  readonly bytes: Uint8Array;
  readonly trust: VerifyBundleOptions & { readonly blockHash: string };
}

const create = async ({ suite, motor }: VerificationSetting, options: Partial<CreateBundleOptions> = {}) => {
  const provider = createProvider(rpc.url, { chainId: CHAIN_ID });
  const now = BigInt(await time.latest());
  const registry = parseAddress(await suite.registry.getAddress());
  try {
    return await createBundle(
      { provider, chainId: CHAIN_ID, registry, store: motor.store, clock: () => now },
      { passport: await motor.passport.getAddress(), ...options },
    );
  } finally {
    provider.destroy();
  }
};

const bundleOf = async (
  setting: VerificationSetting,
  options: Partial<CreateBundleOptions> = {},
): Promise<BundleSetting> => {
  const { bytes, blockHash } = await create(setting, options);
  const now = BigInt(await time.latest());
  const registry = await setting.suite.registry.getAddress();
  return { bytes, trust: { chainId: CHAIN_ID, registry, blockHash, clock: () => now } };
};

const ALL_VALID = { ...ALL_PROVEN, freshness: "freshness.proven" };

/** The same file with its content changed, spelt as it must be. */
// biome-ignore lint/suspicious/noExplicitAny: what a forger writes has any form.
const rewritten = (bytes: Uint8Array, change: (bundle: any) => unknown): Uint8Array => {
  const bundle = JSON.parse(new TextDecoder().decode(bytes));
  return canonicalise(change(bundle) ?? bundle);
};

after(() => rpc.close());
afterEach(() => rpc.recover());

describe("createBundle and verifyBundle", () => {
  it("of a living motor, prove everything without any network, and say how old it is", async () => {
    const setting = await loadFixture(livingMotor);
    const created = await create(setting);
    expect(created.report.status).to.equal("valid");
    const { bytes, trust } = await bundleOf(setting);
    rpc.fail("hang up");
    const now = BigInt(await time.latest());
    const report = await verifyBundle(bytes, { ...trust, clock: () => now + 3n * DAY });
    expect(codesOf(report)).to.deep.equal(ALL_VALID);
    expect(report).to.include({ status: "valid", productId: setting.motor.productId });
    expect(report.basis).to.deep.equal({ kind: "proof", blockHash: trust.blockHash, isTrusted: true });
    expect(report.verdicts.freshness.reason).to.match(/^All of it was so 3 days ago, in block \d+\./);
    expect(bytes.length).to.be.lessThan(100_000);
  });

  it("of a product's URL, and of the same block once more, are the same file", async () => {
    const setting = await loadFixture(livingMotor);
    const { bytes, trust } = await bundleOf(setting);
    const again = await create(setting, { passport: setting.motor.productId, blockHash: trust.blockHash });
    expect(Buffer.from(again.bytes).equals(bytes)).to.equal(true);
  });

  it("of a block, hold the same evidence as a verification by proof", async () => {
    const setting = await loadFixture(livingMotor);
    const { bytes, trust } = await bundleOf(setting);
    const { blockHash } = trust;
    const provider = createProvider(rpc.url, { chainId: CHAIN_ID });
    const registry = parseAddress(await setting.suite.registry.getAddress());
    const { store, passport } = setting.motor;
    const online = await verifyPassport(
      { provider, chainId: CHAIN_ID, registry, store },
      { passport: await passport.getAddress(), blockHash },
    );
    provider.destroy();
    expect((await verifyBundle(bytes, trust)).evidence).to.deep.equal(online.evidence);
  });

  it("of an older block, show the passport as it was then", async () => {
    const setting = await loadFixture(livingMotor);
    const { trust } = await bundleOf(setting);
    await recordEntry(setting.motor, "STOLEN", setting.suite.accounts.buyer);
    const { blockHash } = trust;
    expect((await create(setting, { blockHash })).report.findings).to.deep.equal([]);
    expect((await create(setting)).report.findings.map(({ code }) => code)).to.deep.equal(["condition.stolen"]);
  });

  it("of a product with a predecessor, hold both and prove the link", async () => {
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
    const named = { productId: successor.productId, passport: await successor.passport.getAddress() };
    await recordEntry(motor, "SUPERSEDED", suite.accounts.buyer, { successor: named, reason: "Rewound" });
    for (const one of [successor, motor]) {
      const { bytes, trust } = await bundleOf({ suite, motor: one });
      expect((await verifyBundle(bytes, trust)).verdicts.succession.code).to.equal("succession.mutual");
    }
  });

  it("of documents that the store lost, are made all the same, and say that they are missing", async () => {
    const setting = await loadFixture(livingMotor);
    const { bytes, trust } = await bundleOf({ ...setting, motor: { ...setting.motor, store: createMemoryStore() } });
    const report = await verifyBundle(bytes, trust);
    expect(report.verdicts.documents.code).to.equal("documents.unknown");
    expect(report.verdicts.history.status).to.equal("valid");
    expect(report.status).to.equal("unknown");
  });
});

describe("verifyBundle, what the caller relies on", () => {
  it("without a block that he trusts, is unknown in everything, and says which block it depends on", async () => {
    const { bytes, trust } = await bundleOf(await loadFixture(livingMotor));
    const report = await verifyBundle(bytes, { ...trust, blockHash: undefined });
    expect(new Set(Object.values(codesOf(report)))).to.deep.equal(new Set(["basis.block-untrusted"]));
    expect(report.status).to.equal("unknown");
    expect(report.verdicts.history.reason).to.include(trust.blockHash);
    expect(report.verdicts.condition.details.inWords).to.deep.equal(["ISSUED", "IN_SERVICE"]);
    expect(report.basis).to.deep.equal({ kind: "proof", blockHash: trust.blockHash, isTrusted: false });
  });

  it("without a registry, or with another one, does not know whether the passport is genuine", async () => {
    const { bytes, trust } = await bundleOf(await loadFixture(livingMotor));
    const unpinned = await verifyBundle(bytes, { ...trust, registry: undefined });
    expect(codesOf(unpinned)).to.deep.equal({ ...ALL_VALID, registration: "registration.registry-not-pinned" });
    const other = await verifyBundle(bytes, { ...trust, registry: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" });
    expect(other.verdicts.registration).to.include({ status: "unknown", code: "bundle.other" });
    expect(other.status).to.equal("unknown");
  });

  it("with another chain, block or passport, is unknown and names both", async () => {
    const { bytes, trust } = await bundleOf(await loadFixture(livingMotor));
    for (const other of [
      { chainId: 42_161n },
      { blockHash: keccak256("0x12") },
      { passport: await (await loadFixture(livingMotor)).suite.registry.getAddress() },
    ]) {
      const report = await verifyBundle(bytes, { ...trust, ...other });
      expect(report.status).to.equal("unknown");
      expect(report.verdicts.history.code).to.equal("bundle.other");
    }
  });

  it("with another product, or other code, is invalid", async () => {
    const { bytes, trust } = await bundleOf(await loadFixture(livingMotor));
    expect((await verifyBundle(bytes, { ...trust, productId: productIdOf(1) })).verdicts.registration.code).to.equal(
      "registration.other-product",
    );
    const implementationCodeHash = keccak256("0x12");
    expect((await verifyBundle(bytes, { ...trust, implementationCodeHash })).verdicts.registration.code).to.equal(
      "registration.implementation-foreign",
    );
  });

  it("of an old bundle, is unknown after ten days, or after as many as the caller says", async () => {
    const { bytes, trust } = await bundleOf(await loadFixture(livingMotor));
    const now = BigInt(await time.latest());
    const late = { ...trust, clock: () => now + 4_000n * DAY };
    expect(codesOf(await verifyBundle(bytes, late))).to.deep.equal({ ...ALL_VALID, freshness: "freshness.outdated" });
    expect((await verifyBundle(bytes, { ...late, maximumAgeSeconds: 5_000n * DAY })).status).to.equal("valid");
  });

  it("of a caller's mistake, throws and names it", async () => {
    const { bytes, trust } = await bundleOf(await loadFixture(livingMotor));
    for (const wrong of [{ chainId: 0n }, { registry: "0x12" }, { blockHash: "0x12" }, { maximumAgeSeconds: -1n }]) {
      expect((await refusalOf(verifyBundle(bytes, { ...trust, ...wrong }))).code).to.equal("input.invalid");
    }
  });
});

describe("verifyBundle, a file that was changed", () => {
  it("in any byte, is never valid, and never thrown", async () => {
    const { bytes, trust } = await bundleOf(await loadFixture(livingMotor));
    const byte = fc.record({ at: fc.nat(bytes.length - 1), mask: fc.integer({ min: 1, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(byte, async ({ at, mask }) => {
        const changed = bytes.map((value, index) => (index === at ? value ^ mask : value));
        const report = await verifyBundle(changed, trust);
        expect(report.status).not.to.equal("valid");
      }),
      { numRuns: 150 },
    );
  });

  it("in any digit of any value, though it stays well-formed, is never valid", async () => {
    const { bytes, trust } = await bundleOf(await loadFixture(livingMotor));
    const text = new TextDecoder().decode(bytes);
    const digits = [...text.matchAll(/[0-9a-f]/g)].map(({ index }) => index);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...digits), fc.constantFrom(..."0123456789abcdef"), async (at, digit) => {
        fc.pre(text[at] !== digit);
        const report = await verifyBundle(toUtf8Bytes(text.slice(0, at) + digit + text.slice(at + 1)), trust);
        expect(report.status).not.to.equal("valid");
      }),
      { numRuns: 150 },
    );
  });

  it("cut off anywhere, or with something behind it, is unknown: it says nothing about the passport", async () => {
    const { bytes, trust } = await bundleOf(await loadFixture(livingMotor));
    for (const length of [0, 1, 100, bytes.length / 2, bytes.length - 1]) {
      const report = await verifyBundle(bytes.slice(0, length), trust);
      expect(report.verdicts.history).to.include({ status: "unknown", code: "bundle.invalid" });
    }
    for (const more of [" ", "\n", "{}", "\u0000"]) {
      const report = await verifyBundle(Buffer.concat([bytes, toUtf8Bytes(more)]), trust);
      expect(report.verdicts.history.code).to.equal("bundle.invalid");
    }
  });

  // biome-ignore lint/suspicious/noExplicitAny: what a forger writes has any form.
  const forgeries: Readonly<Record<string, (bundle: any) => unknown>> = {
    "with the last entry left out": ({ histories: [history] }) => void history.entries.pop(),
    "with the last entry twice": ({ histories: [history] }) => void history.entries.push(history.entries.at(-1)),
    "with two entries swapped": ({ histories: [history] }) =>
      void history.entries.splice(1, 2, history.entries[2], history.entries[1]),
    "with an entry made up": ({ histories: [history] }) =>
      void history.entries.push({ ...history.entries.at(-1), roles: "1" }),
    "without its history": (bundle) => ({ ...bundle, histories: [] }),
    "with the history of another passport": ({ histories: [history], registry, ...bundle }) => ({
      ...bundle,
      registry,
      histories: [{ ...history, passport: registry }],
    }),
    "with its history twice": ({ histories }) => void histories.push(histories[0]),
    "without a node": ({ nodes }) => void nodes.splice(3, 1),
    "with a node more": ({ nodes }) => void nodes.unshift("0x00"),
    "with a node twice": ({ nodes }) => void nodes.unshift(nodes[0]),
    "with nodes in another order": ({ nodes }) => void nodes.reverse(),
    "with nodes that are no bytes": (bundle) => ({ ...bundle, nodes: ["0x0"] }),
    "without code": (bundle) => ({ ...bundle, codes: [] }),
    "with code more": ({ codes }) => void codes.push("0xff"),
    "without a document": ({ documents }) => void documents.pop(),
    "with a document more": ({ documents }) => void documents.unshift("{}"),
    "with a document changed": ({ documents: [first, ...rest], ...bundle }) => ({
      ...bundle,
      documents: [first.replace('"attester"', '"attestor"'), ...rest],
    }),
    "of another format": (bundle) => ({ ...bundle, format: "digital-product-passport/bundle/2" }),
    "with a field more": (bundle) => ({ ...bundle, comment: "trust me" }),
    "with a field less": ({ codes: _, ...bundle }) => bundle,
    "with numbers instead of text": (bundle) => ({ ...bundle, chainId: 31_337 }),
    "with a number beyond 256 bits": ({ histories: [history] }) =>
      void Object.assign(history.entries[0], { roles: "9".repeat(78) }),
    "with another header": (bundle) => ({ ...bundle, header: "0xc0" }),
    "with no header": (bundle) => ({ ...bundle, header: "0x" }),
    "with an endless header": (bundle) => ({ ...bundle, header: `0x${"00".repeat(100_000)}` }),
    "with another passport": (bundle) => ({ ...bundle, passport: bundle.registry }),
    "that is a list": () => [],
    "that is a word": () => "valid",
  };
  for (const [what, change] of Object.entries(forgeries)) {
    it(`${what}, is not valid and says so with a code`, async () => {
      const { bytes, trust } = await bundleOf(await loadFixture(livingMotor));
      const report = await verifyBundle(rewritten(bytes, change), trust);
      expect(report.status).not.to.equal("valid");
      const codes = Object.values(codesOf(report));
      expect(
        codes.some((code) => /^(bundle|proof|history|documents|document)\./.test(code)),
        codes.join(),
      ).to.equal(true);
    });
  }

  it("of any JSON or bytes, ends with a report", async () => {
    const { trust } = await bundleOf(await loadFixture(livingMotor));
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => toUtf8Bytes(text)),
      fc.jsonValue().map((value) => canonicalise(value)),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        expect((await verifyBundle(bytes, trust)).verdicts.history.code).to.equal("bundle.invalid");
      }),
      { numRuns: 200 },
    );
  });

  it("too large, or nested too deep, is refused at once", async () => {
    const { trust } = await bundleOf(await loadFixture(livingMotor));
    const started = performance.now();
    for (const bytes of [new Uint8Array(40_000_000).fill(0x20), toUtf8Bytes("[".repeat(1_000_000))]) {
      expect((await verifyBundle(bytes, trust)).verdicts.history.code).to.equal("bundle.invalid");
    }
    expect(performance.now() - started).to.be.lessThan(5_000);
  });

  it("made up as a whole, on a chain of the forger's own with the same numbers, is never valid", async () => {
    const honest = await loadFixture(livingMotor);
    const { trust } = await bundleOf(honest);
    const chain = await network.create();
    const suite = await deploySuite(chain);
    const { passport, store } = await recordMotor(suite, { productId: honest.motor.productId });
    const registry = parseAddress(await suite.registry.getAddress());
    const forged = await createBundle(
      { provider: chain.ethers.provider, chainId: CHAIN_ID, registry, store, clock: () => 0n },
      { passport: await passport.getAddress() },
    );
    expect((await verifyBundle(forged.bytes, trust)).verdicts.history.code).to.equal("bundle.other");
    const conditional = await verifyBundle(forged.bytes, { ...trust, blockHash: undefined });
    expect(Object.values(conditional.verdicts).map(({ status }) => status)).not.to.include("valid");
  });
});

describe("createBundle, a node or a store that does not serve", () => {
  it("of a node that fails or lies, makes no bundle", async () => {
    const setting = await loadFixture(livingMotor);
    const faults = {
      "chain.request-refused": () =>
        rpc.lie("eth_getProof", () => {
          throw new RpcRefusal("the method eth_getProof does not exist", -32_601);
        }),
      "chain.unreachable": () => rpc.fail("server error"),
      "chain.wrong-chain": () => rpc.lie("eth_chainId", () => "0x1"),
      "chain.answer-invalid": () => rpc.lie("eth_getBlockByHash", (block) => ({ ...block, timestamp: "0x1" })),
      "bundle.incomplete": () => rpc.fail("server error", "eth_getLogs"),
    };
    for (const [code, fault] of Object.entries(faults)) {
      rpc.recover();
      fault();
      expect((await refusalOf(create(setting))).code).to.equal(code);
    }
  });

  it("of a product without a passport, and of what is none, says so", async () => {
    const setting = await loadFixture(livingMotor);
    expect((await refusalOf(create(setting, { passport: productIdOf(999_999) }))).code).to.equal("passport.not-found");
    const foreign = await refusalOf(create(setting, { passport: await setting.suite.registry.getAddress() }));
    expect(isPassportError(foreign, "bundle.incomplete")).to.equal(true);
  });
});
