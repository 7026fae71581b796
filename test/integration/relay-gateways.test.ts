import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { connectChain, type Relay } from "@digital-product-passport/relay";
import {
  type Attester,
  accountAttester,
  createMemoryStore,
  createProvider,
  type DocumentStore,
  digestOfCid,
  eventTypeName,
  parseAddress,
} from "@digital-product-passport/sdk";
import { createKuboStore } from "@digital-product-passport/sdk/kubo";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { proveReading, type ReadingProof, verifyReading } from "@digital-product-passport/sdk/readings";
import { expect } from "chai";
import { Wallet } from "ethers";
import { createPairingReader } from "../../services/relay/src/chain/create-pairing-reader.js";
import { Erc1271Wallet__factory } from "../../types/ethers-contracts/index.js";
import { type AnvilSuite, startAnvilSuite } from "../support/anvil-suite.js";
import { type LyingRpc, startLyingRpc } from "../support/lying-rpc.js";
import {
  type BenchOptions,
  clientOf,
  type PairedMotor,
  pairMotor,
  readingOf,
  recordPairing,
  startRelay,
  until,
} from "../support/relay-bench.js";

const DAY_MILLISECONDS = 86_400_000;
const DAYS_BEHIND = 3;

describe("gateways of a relay", function () {
  this.timeout(120_000);
  let suite: AnvilSuite;
  let traffic: NodeJS.Timeout;
  let relay: Relay | undefined;

  before(async () => {
    suite = await startAnvilSuite({ epochBlocks: 2 });
    // Finality comes with blocks, and blocks come with the traffic of others.
    traffic = setInterval(() => void suite.network.provider.send("anvil_mine", ["0x1"]).catch(() => undefined), 200);
  });
  afterEach(async () => {
    await relay?.close();
    relay = undefined;
  });
  after(async () => {
    clearInterval(traffic);
    await suite.close();
  });

  const newAccount = async (): Promise<Attester> => await accountAttester(Wallet.createRandom());
  /** A contract wallet as gateway: what its account signs, it has signed. */
  const newWallet = async (): Promise<Attester> => {
    const account = await newAccount();
    const contract = await new Erc1271Wallet__factory(suite.participants.stranger).deploy(account.address);
    return { ...account, address: parseAddress(await contract.getAddress()) };
  };
  const start = async (gateway: Attester, motor: PairedMotor, options: Partial<BenchOptions> = {}): Promise<Relay> => {
    relay = await startRelay(suite, { gateway, products: [motor.productId], ...options });
    return relay;
  };
  const send = async ({ takeIn }: Relay, readings: readonly ReturnType<typeof readingOf>[]) => {
    const sender = { name: "plant", products: readings.map(({ product }) => product) };
    const items = readings.map((reading) => Buffer.from(JSON.stringify(reading)));
    const [outcomes = []] = await takeIn([{ transport: "http", sender, source: "the test", items }]);
    return outcomes;
  };
  const contextOf = () => ({
    ...clientOf(suite).context,
    readingsAnchor: suite.addressBook.contracts.readingsAnchor.address,
  });
  const prove = async (gateway: Attester, sequence: number): Promise<ReadingProof> =>
    await proveReading(contextOf(), { gateway: gateway.address, sensor: "winding-1", sequence });
  /** The codes of the four verdicts. */
  const judge = async (proof: ReadingProof, changes: object = {}): Promise<readonly string[]> => {
    const { verdicts } = await verifyReading(proof, { context: { ...contextOf(), ...changes } });
    return Object.values(verdicts).map(({ code }) => code);
  };

  it("a contract wallet (ERC-1271), has its readings anchored, proven, and believed of most nodes, not of one", async () => {
    const gateway = await newWallet();
    const motor = await pairMotor(suite, { gateway });
    const running = await start(gateway, motor);
    expect(await send(running, [readingOf(motor.productId, 1)])).to.deep.equal([{ status: "accepted" }]);
    await running.close();
    const proof = await prove(gateway, 1);
    // Offline nobody can ask the wallet; on chain it was asked when the batch was anchored.
    const expected = ["reading.included", "reading.signature-unknown", "reading.anchored", "reading.paired"];
    expect(await judge(proof)).to.deep.equal(expected);

    const liar = await startLyingNode();
    liar.lie("eth_call", (honest, { params }) => (params[0].to === gateway.address.toLowerCase() ? "0x" : honest));
    const provider = createProvider(liar.url, { chainId: suite.network.chainId });
    const honest = [1, 2].map(() => createProvider(suite.url, { chainId: suite.network.chainId }));
    try {
      expect((await judge(proof, { provider }))[3], "the liar alone").to.equal("reading.not-paired");
      expect(await judge(proof, { provider, witnesses: honest })).to.deep.equal(expected);
      liar.recover();
      liar.lie("eth_getLogs", () => []);
      expect(await judge(proof, { provider, witnesses: honest })).to.deep.equal(expected);
    } finally {
      for (const each of [provider, ...honest]) each.destroy();
      await liar.close();
    }
  });

  const startLyingNode = async (): Promise<LyingRpc> => {
    const { provider } = suite.network;
    const request = ({ method, params }: { method: string; params: unknown[] }) => provider.send(method, params);
    // Safety: of a provider the node between uses nothing else.
    return await startLyingRpc({ request } as never);
  };

  it("summaries, come onto the passport at their cadence, cover each reading once, and old files go to the archive", async () => {
    const gateway = await newAccount();
    const motor = await pairMotor(suite, { gateway });
    const archive = join(suite.folder, "archive");
    // The clock of the whole plant is days behind: signatures last by the chain's clock.
    const clock = (): number => Date.now() - DAYS_BEHIND * DAY_MILLISECONDS;
    const { address: readingsAnchor } = suite.addressBook.contracts.readingsAnchor;
    const running = await start(gateway, motor, {
      clock,
      journal: { segmentBytes: 1_000, archive },
      batches: { maximumReadings: 10, maximumSeries: 400, maximumSeconds: 0.1, alarmSeconds: 0.1 },
      attestations: { alarms: [], summarySeconds: 1, readingsAnchor, gateway: gateway.address },
    });
    let sent = 0;
    const sendSome = async (): Promise<void> => {
      const time = new Date(clock()).toISOString();
      const values = Array.from({ length: 5 }, (_, index) => readingOf(motor.productId, sent + index + 1, { time }));
      expect(new Set((await send(running, values)).map(({ status }) => status))).to.deep.equal(new Set(["accepted"]));
      sent += values.length;
    };
    await until(async () => {
      await sendSome();
      return (await summariesOf(motor)).length >= 2;
    }, "two summaries");
    await until(async () => {
      const summed = (await summariesOf(motor)).flatMap(({ series }) => series.map(({ count }) => count));
      return summed.reduce((sum, count) => sum + count, 0) === sent;
    }, "a summary of the rest");
    const windows = (await summariesOf(motor)).map(({ batches }) => [batches.first, batches.last] as const);
    for (const [index, [first]] of windows.entries()) expect(first).to.equal((windows[index - 1]?.[1] ?? 0) + 1);

    await until(async () => (await readdir(archive)).length > 0, "an archived file");
    const [oldest = ""] = (await readdir(archive)).toSorted();
    expect(await readFile(join(archive, oldest), "utf8")).to.include('"sequence":1,');
  });

  interface Summary {
    readonly batches: { readonly first: number; readonly last: number };
    readonly series: readonly { readonly count: number }[];
  }
  const summariesOf = async ({ passport }: PairedMotor): Promise<readonly Summary[]> => {
    const client = clientOf(suite);
    const { entries } = await client.readHistory({ passport });
    const readings = entries.filter(({ eventType }) => eventTypeName(eventType) === "READINGS");
    const documents = await Promise.all(readings.map(({ document }) => client.context.store?.get(document)));
    return documents.map((bytes) => JSON.parse(new TextDecoder().decode(bytes)).data);
  };

  it("whose pairing no store serves at the moment, is not taken for unpaired: its readings would be rejected for good", async () => {
    const gateway = await newAccount();
    const { productId } = await pairMotor(suite, { gateway });
    const readWith = async (store: DocumentStore) =>
      await connectChain({ context: { ...contextOf(), store }, gateway, deadlineSeconds: 60 }).readPairing(productId);
    expect((await readWith(createDiskStore(join(suite.folder, "documents"))))?.sensors).to.have.length(3);
    const problem = await readWith(createMemoryStore()).catch((error: unknown) => error);
    expect(problem).to.deep.include({ code: "relay.pairings-unknown" });
  });

  it("whose passports have nothing new, costs few requests: each is verified once an hour", async () => {
    const gateway = await newAccount();
    const { productId, passport } = await pairMotor(suite, { gateway });
    const context = { ...contextOf(), store: createDiskStore(join(suite.folder, "documents")) };
    let now = 0;
    const read = createPairingReader(context, { gateway: gateway.address, now: () => now });
    let asked = 0;
    const count = ({ action, payload }: { readonly action: string; readonly payload?: unknown }): void => {
      if (action === "sendRpcPayload") asked += [payload].flat().length;
    };
    await context.provider.on("debug", count);
    const costOf = async (task: () => Promise<unknown>): Promise<number> => {
      const before = asked;
      await task();
      return asked - before;
    };
    const first = await read(productId);
    expect(first?.sensors).to.have.length(3);
    const verifying = await costOf(() => read(productId).then((again) => expect(again).to.deep.equal(first)));
    expect(verifying, "its head, and what its manager says of the gateway").to.equal(2);
    now = 3_600_000;
    expect(await costOf(() => read(productId))).to.be.greaterThan(20);

    await recordPairing(suite, { gateway, passport, eventType: "GATEWAY_UNPAIRED" });
    expect(await read(productId)).to.equal(undefined);
    await recordPairing(suite, { gateway, passport, eventType: "GATEWAY_PAIRED" });
    expect(await read(productId)).to.have.deep.property("sensors", first?.sensors);
    const administrator = clientOf(suite, suite.participants.admin);
    await (await administrator.revokeAttester({ attester: gateway.address })).send();
    expect(await read(productId)).to.have.nested.property("lostTrust.code", "gateway-revoked");
    await context.provider.off("debug", count);
  });

  it("with Kubo as store (where KUBO_RPC_URL names a node), readings go there, and are proven from there", async function () {
    const url = process.env["KUBO_RPC_URL"] ?? "";
    if (url === "") {
      console.log("      skipped: KUBO_RPC_URL names no node");
      return this.skip();
    }
    const gateway = await newAccount();
    const motor = await pairMotor(suite, { gateway });
    const store = createKuboStore({ url });
    const disk = createDiskStore(join(suite.folder, "documents"));
    for await (const cid of disk.list()) await store.put(await disk.get(digestOfCid(cid)));
    const running = await start(gateway, motor, { store });
    const readings = Array.from({ length: 50 }, (_, index) => readingOf(motor.productId, index + 1));
    await send(running, readings);
    await running.close();
    const options = { gateway: gateway.address, sensor: "winding-1", sequence: 33 };
    const proof = await proveReading({ ...contextOf(), store }, options);
    expect((await judge(proof)).at(-1)).to.equal("reading.paired");
  });

  it("a key that is reported as stolen, has its readings rejected; those since then are disputed, earlier ones stand", async () => {
    const gateway = await newAccount();
    const motor = await pairMotor(suite, { gateway });
    const running = await start(gateway, motor);
    const anchored = async (sequence: number): Promise<bigint> => {
      await send(running, [readingOf(motor.productId, sequence)]);
      await until(async () => {
        const { values } = await running.metrics.anchoredReadings.get();
        return values.find(({ labels }) => labels["status"] === "sequenced")?.value === sequence;
      }, `reading ${sequence} on chain`);
      return BigInt((await suite.network.provider.getBlock("latest"))?.timestamp ?? 0);
    };
    const since = (await anchored(1)) + 1n;
    const { provider } = suite.network;
    await provider.send("evm_increaseTime", ["0x5"]);
    await anchored(2);
    // What was anchored in the very second of the revocation counts as after it.
    await provider.send("evm_increaseTime", ["0x2"]);
    const administrator = clientOf(suite, suite.participants.admin);
    await (await administrator.reportCompromise({ attester: gateway.address, since })).send();
    let sequence = 2;
    await until(async () => {
      const [outcome] = await send(running, [readingOf(motor.productId, ++sequence)]);
      return outcome?.status === "rejected" && outcome.code === "gateway-compromised";
    }, "the news of the theft");
    expect((await judge(await prove(gateway, 1)))[3]).to.equal("reading.paired");
    expect((await judge(await prove(gateway, 2)))[3]).to.equal("reading.pairing-disputed");
  });
});
