import { expect } from "chai";
import { id, Wallet } from "ethers";
import { network } from "hardhat";
import { createProvider, type PassportClient } from "../../sdk/src/index.js";
import { NO_END } from "../support/contract-values.js";
import { deploySuite } from "../support/deploy-suite.js";
import { type LyingRpc, RpcRefusal, startLyingRpc } from "../support/lying-rpc.js";
import { refusalOf, SAMPLE_MAINTENANCE, sdkOn } from "../support/sdk-clients.js";

const connection = await network.create();
const { loadFixture, setBalance } = connection.networkHelpers;
const { provider: chain } = connection;

const CHAIN_ID = 31_337n;
const MAINTENANCE = { eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE } as const;

describe("sending over HTTP", () => {
  let rpc: LyingRpc;
  let endpoint: ReturnType<typeof createProvider>;

  before(async () => {
    rpc = await startLyingRpc(chain);
    endpoint = createProvider(rpc.url, { chainId: CHAIN_ID, timeoutMilliseconds: 2_000 });
  });
  afterEach(async () => {
    rpc.recover();
    await chain.request({ method: "evm_setAutomine", params: [true] });
  });
  after(async () => {
    endpoint.destroy();
    await rpc.close();
  });

  /** A technician with an ethers wallet and some ETH, as far from the node as any. */
  const setUp = async () => {
    const sdk = await sdkOn(await deploySuite(connection), { rpc: endpoint });
    const { passport } = await sdk.issueMotor();
    const wallet = new Wallet(id("a technician"));
    await setBalance(wallet.address, 10n ** 18n);
    const grant = { attester: wallet.address, roles: ["TECHNICIAN"], validUntil: NO_END };
    await (await sdk.clientOf(sdk.suite.accounts.admin).grantRoles(grant)).send();
    const contract = await connection.ethers.getContractAt("DigitalPassport", passport);
    return { ...sdk, passport, contract, wallet, technician: sdk.clientOf(wallet) };
  };

  const prepare = (client: PassportClient, passport: string) => client.attest({ passport, ...MAINTENANCE });

  it("a node that gives reverts as raw bytes only: the refusal in words", async () => {
    const { clientOf, passport } = await loadFixture(setUp);
    const stranger = new Wallet(id("a stranger"));
    await setBalance(stranger.address, 10n ** 18n);
    const error = await refusalOf((await prepare(clientOf(stranger), passport)).send());
    expect(error.code).to.equal("contract.manufacturer-manager-role-missing");
    expect(error.message).to.include("one of the roles MANUFACTURER, TECHNICIAN");
  });

  it("a manager that does not answer when its names are looked up: the refusal with bits as hex", async () => {
    const { clientOf, passport } = await loadFixture(setUp);
    const stranger = new Wallet(id("a stranger"));
    const prepared = await prepare(clientOf(stranger), passport);
    rpc.fail("server error", "eth_call");
    const error = await refusalOf(prepared.send());
    expect(error.code).to.equal("contract.manufacturer-manager-role-missing");
    expect(error.message).to.include("one of the roles 0x1, 0x40");
  });

  it("sent twice, at once and again: one transaction, the same answer", async () => {
    const { technician, passport, contract } = await loadFixture(setUp);
    const prepared = await prepare(technician, passport);
    const [first, second] = await Promise.all([prepared.send(), prepared.send()]);
    expect(second).to.equal(first);
    expect(await prepared.send()).to.equal(first);
    expect(await contract.entryCount()).to.equal(2n);
  });

  it("a receipt whose event is cut short: chain.answer-invalid, not an exception of a library", async () => {
    const { technician, passport } = await loadFixture(setUp);
    rpc.lie(
      "eth_getTransactionReceipt",
      (receipt) =>
        // biome-ignore lint/suspicious/noExplicitAny: a receipt as the node writes it.
        receipt && { ...receipt, logs: receipt.logs.map((log: any) => ({ ...log, data: log.data.slice(0, 66) })) },
    );
    expect((await refusalOf((await prepare(technician, passport)).send())).code).to.equal("chain.answer-invalid");
  });

  it("a wallet whose own endpoint serves another chain: chain.wrong-chain, and nothing is sent", async () => {
    const { clientOf, wallet, passport, contract } = await loadFixture(setUp);
    const walletsOwn = createProvider(rpc.url, { chainId: CHAIN_ID });
    const prepared = await prepare(clientOf(wallet.connect(walletsOwn), { rpc: connection.ethers.provider }), passport);
    rpc.lie("eth_chainId", () => "0xa4b1");
    expect((await refusalOf(prepared.send())).code).to.equal("chain.wrong-chain");
    expect(await contract.entryCount()).to.equal(1n);
    walletsOwn.destroy();
  });

  it("no tip, four times the base fee at most, and a gas limit of its own", async () => {
    const { technician, passport } = await loadFixture(setUp);
    const { transactionHash } = await (await prepare(technician, passport)).send();
    const transaction = await endpoint.getTransaction(transactionHash);
    const before = await endpoint.getBlock(Number(transaction?.blockNumber) - 1);
    expect(transaction?.maxPriorityFeePerGas).to.equal(0n);
    expect(transaction?.maxFeePerGas).to.equal((before?.baseFeePerGas ?? 0n) * 4n);
    expect(rpc.calls.get("eth_estimateGas")).to.be.greaterThan(0);
  });

  it("the gas for L1 data, where the node says it: reported apart", async () => {
    const { technician, passport } = await loadFixture(setUp);
    rpc.lie("eth_getTransactionReceipt", (receipt) => receipt && { ...receipt, gasUsedForL1: "0x1a2b" });
    expect((await (await prepare(technician, passport)).send()).gasUsedForL1).to.equal(0x1a2bn);
  });

  it("a receipt that is there for the second question only: its part of the gas for L1 is read all the same", async () => {
    const { technician, passport } = await loadFixture(setUp);
    let questions = 0;
    rpc.lie("eth_getTransactionReceipt", (receipt) => {
      questions += 1;
      return questions === 1 ? null : receipt && { ...receipt, gasUsedForL1: "0x1a2b" };
    });
    expect((await (await prepare(technician, passport)).send()).gasUsedForL1).to.equal(0x1a2bn);
  });

  it("an account that cannot pay: chain.insufficient-funds with both amounts, and nothing is sent", async () => {
    const { technician, passport, wallet } = await loadFixture(setUp);
    await setBalance(wallet.address, 1_000n);
    const prepared = await prepare(technician, passport);
    const { maximumCostWei } = await prepared.estimate();
    const error = await refusalOf(prepared.send());
    expect(error.code).to.equal("chain.insufficient-funds");
    expect(error.details).to.include({ account: wallet.address, balanceWei: 1_000n, requiredWei: maximumCostWei });
    expect(rpc.calls.has("eth_sendRawTransaction")).to.equal(false);
  });

  it("an endpoint of another chain: chain.wrong-chain at the first action, and again before sending", async () => {
    const { clientOf, technician, wallet, passport } = await loadFixture(setUp);
    const prepared = await prepare(technician, passport);
    rpc.lie("eth_chainId", () => "0xa4b1");
    expect((await refusalOf(prepared.send())).code).to.equal("chain.wrong-chain");
    expect((await refusalOf(prepare(clientOf(wallet), passport))).code).to.equal("chain.wrong-chain");
    rpc.recover();
    await prepared.send();
  });

  for (const outage of ["server error", "too many requests", "no JSON", "hang up"] as const) {
    it(`an endpoint with "${outage}": chain.unreachable, and afterwards the same client works`, async () => {
      const { clientOf, wallet, passport, contract } = await loadFixture(setUp);
      const client = clientOf(wallet);
      rpc.fail(outage);
      expect((await refusalOf(prepare(client, passport))).code).to.equal("chain.unreachable");
      rpc.recover();
      const prepared = await prepare(client, passport);
      rpc.fail(outage);
      expect((await refusalOf(prepared.estimate())).code).to.equal("chain.unreachable");
      expect((await refusalOf(prepared.send())).code).to.equal("chain.unreachable");
      rpc.recover();
      await prepared.send();
      expect(await contract.entryCount()).to.equal(2n);
    });
  }

  it("an answer that is lost after the transaction has arrived: chain.outcome-unknown, not a failure", async () => {
    const { technician, passport, contract, wallet } = await loadFixture(setUp);
    const prepared = await prepare(technician, passport);
    rpc.lie("eth_sendRawTransaction", () => {
      throw new RpcRefusal("upstream timed out");
    });
    const error = await refusalOf(prepared.send());
    expect(error.code).to.equal("chain.outcome-unknown");
    expect(error.details).to.include({ account: wallet.address, nonce: 0 });
    expect(await contract.entryCount()).to.equal(2n);

    rpc.recover();
    expect((await refusalOf(prepared.send())).code, "sent again").to.equal("chain.outcome-unknown");
    expect(await contract.entryCount(), "not recorded twice").to.equal(2n);
  });

  it("an endpoint that fails while the receipt is waited for: asked again until it is there", async () => {
    const { technician, passport } = await loadFixture(setUp);
    let asked = 0;
    rpc.lie("eth_getTransactionReceipt", (receipt) => {
      if (++asked === 1) return null;
      if (asked === 2) throw new RpcRefusal("header not found");
      return receipt;
    });
    expect((await (await prepare(technician, passport)).send()).result.sequence).to.equal(2n);
    expect(asked).to.be.greaterThan(2);
  });

  it("a transaction that is included but reverts, because another came first: the reason in words", async () => {
    const { suite, clientOf, passport, contract, wallet } = await loadFixture(setUp);
    const sign = () => clientOf(wallet).signAttestation({ passport, ...MAINTENANCE, sequence: 2n, deadline: NO_END });
    const submitters = [suite.accounts.stranger, suite.accounts.buyer];
    const prepared = await Promise.all(
      submitters.map(async (signer) => clientOf(signer).submitAttestation({ signed: await sign() })),
    );
    await chain.request({ method: "evm_setAutomine", params: [false] });
    const sending = Promise.allSettled(prepared.map((transaction) => transaction.send()));
    while (
      (await connection.ethers.provider.send("eth_getBlockByNumber", ["pending", false])).transactions.length < 2
    ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await connection.networkHelpers.mine();
    const outcomes = await sending;
    expect(outcomes.map(({ status }) => status).sort()).to.deep.equal(["fulfilled", "rejected"]);
    const rejected = outcomes.find((outcome) => outcome.status === "rejected");
    expect(rejected?.reason).to.include({ code: "contract.digital-passport-sequence-mismatch" });
    expect(await contract.entryCount()).to.equal(2n);
  });

  it("a receipt without the passport's event, but with one that looks alike: contract.event-missing", async () => {
    const { suite, technician, passport } = await loadFixture(setUp);
    const forger = suite.accounts.stranger.address;
    rpc.lie(
      "eth_getTransactionReceipt",
      (receipt) =>
        // biome-ignore lint/suspicious/noExplicitAny: a receipt as the node writes it.
        receipt && { ...receipt, logs: receipt.logs.map((log: any) => ({ ...log, address: forger })) },
    );
    const error = await refusalOf((await prepare(technician, passport)).send());
    expect(error.code).to.equal("contract.event-missing");
    expect(error.details).to.include({ event: "Attested", address: passport });
  });

  it("a nonce that somebody else has used with the same key: chain.nonce-taken", async () => {
    const { technician, passport, wallet } = await loadFixture(setUp);
    const prepared = await prepare(technician, passport);
    await wallet.connect(connection.ethers.provider).sendTransaction({ to: wallet.address, value: 1n });
    rpc.lie("eth_getTransactionCount", () => "0x0");
    const error = await refusalOf(prepared.send());
    expect(error.code).to.equal("chain.nonce-taken");
    expect(error.details["account"]).to.equal(wallet.address);
  });
});
