import {
  type Address,
  type Attester,
  accountAttester,
  attest,
  createMemoryJournal,
  createMemoryStore,
  createPassportClient,
  createProvider,
  createSubmitter,
  type FullDocumentStore,
  gatewayHeadAfter,
  type ItemReceipt,
  issuePassport,
  p256Attester,
  p256Key,
  parseBytes27,
  revokeAttester,
  verifyPassport,
  type WritingContext,
} from "@digital-product-passport/sdk";
import {
  type AnchoredBatch,
  anchorBatch,
  batchKind,
  type CountedReading,
  createBatch,
  itemOfBatch,
  type PairedSensor,
  parseReading,
  parseSignedBatch,
  proveReading,
  type Reading,
  type RelayedBatch,
  readBatch,
  readGatewayChain,
  readGatewayPosition,
  readPairings,
  readReadings,
  relayReadings,
  type SignedBatch,
  signBatch,
  signPairing,
  signReading,
  signUnpairing,
  type VerifiedReading,
  verifyReading,
} from "@digital-product-passport/sdk/readings";
import { expect } from "chai";
import { dataSlice, hexlify, Wallet } from "ethers";
import { type AnvilSuite, startAnvilSuite } from "../support/anvil-suite.js";
import { productIdOf } from "../support/deploy-suite.js";
import { SAMPLE_MOTOR } from "../support/sdk-clients.js";

/** One node: it is never behind itself. */
const QUICK = { confirmMilliseconds: 50, settlingMilliseconds: 50 } as const;

describe("readings, on a real chain", () => {
  let suite: AnvilSuite;
  let store: FullDocumentStore;
  let context: WritingContext;
  let gateways = 0;

  before(async () => {
    suite = await startAnvilSuite({ epochBlocks: 4 });
    store = createMemoryStore();
    context = contextOf("stranger");
  });
  after(async () => {
    await suite.close();
  });

  const contextOf = (name: "stranger" | "issuer" | "technician"): WritingContext => {
    const { network, addressBook, participants, url } = suite;
    const { registry, manager, attestationRelay, readingsAnchor } = addressBook.contracts;
    const provider = createProvider(url, { chainId: network.chainId });
    const client = createPassportClient({
      rpc: provider,
      chainId: network.chainId,
      registry: registry.address,
      manager: manager.address,
      attestationRelay: attestationRelay.address,
      readingsAnchor: readingsAnchor.address,
      store,
      signer: new Wallet(participants[name].privateKey, provider),
    });
    return client.context;
  };
  const walletOf = (name: "issuer" | "technician"): Wallet =>
    new Wallet(suite.participants[name].privateKey, context.provider);
  /** A gateway that nobody has seen before: an account, or a key in a secure element. */
  const newGateway = async (kind: "account" | "p256" = "account"): Promise<Attester> => {
    const privateKey = `0x${(++gateways).toString(16).padStart(64, "7")}`;
    if (kind === "account") return await accountAttester(new Wallet(privateKey));
    return p256Attester(p256Key(privateKey), { verifier: suite.addressBook.contracts.p256Verifier.address });
  };
  const reading = (changes: object = {}): Reading =>
    parseReading({
      sensor: "bearing-de",
      sequence: 1,
      product: productIdOf(800_001),
      quantity: "bearing-temperature",
      unit: "Cel",
      value: "63.5",
      time: "2026-11-27T15:55:46Z",
      ...changes,
    });
  const readings = (first: number, count: number): readonly Reading[] =>
    Array.from({ length: count }, (_, index) => reading({ sequence: first + index }));
  /** Batches of one reading each that follow each other. */
  const chainOfBatches = async (gateway: Attester, count: number): Promise<readonly SignedBatch[]> => {
    const signed: SignedBatch[] = [];
    let { sequence, head } = await readGatewayPosition(context, { gateway: gateway.address });
    for (let index = 0; index < count; index++) {
      const created = await createBatch([reading({ sequence: index + 1 })], {
        ...placeOf(gateway),
        sequence: sequence + 1n,
        previousHead: head,
      });
      signed.push(await signBatch(gateway, { created }));
      [sequence, head] = [created.batch.sequence, gatewayHeadAfter(created.batch)];
    }
    return signed;
  };
  const placeOf = ({ address: gateway }: Attester) => {
    const { chainId, readingsAnchor } = context;
    if (readingsAnchor === undefined) throw new Error("the suite has one");
    return { chainId, readingsAnchor, gateway };
  };

  describe("anchorBatch", () => {
    for (const kind of ["account", "p256"] as const) {
      it(`of a gateway with a key of kind ${kind}, stores and anchors its batch, and again changes nothing`, async () => {
        const gateway = await newGateway(kind);
        const [signed] = await chainOfBatches(gateway, 1);
        const travelled: unknown = JSON.parse(JSON.stringify(signed));
        const { result } = await (await anchorBatch(context, { signed: travelled })).send();
        expect(result.recordedAt).to.be.a("bigint");
        expect(await readGatewayPosition(context, { gateway: gateway.address })).to.deep.equal({
          sequence: 1n,
          head: result.head,
        });
        expect((await store.get(result.batch.document)).length).to.be.above(0);
        const again = await (await anchorBatch(context, { signed: travelled })).send();
        expect(again.result).to.deep.equal({ ...result, recordedAt: undefined });
      });
    }

    it("of a batch that a thief has changed, refuses before anything is stored", async () => {
      const gateway = await newGateway();
      const [signed] = await chainOfBatches(gateway, 1);
      if (signed === undefined) throw new Error("there is one");
      const forged = parseSignedBatch({ ...signed, message: { ...signed.message, count: "2" } });
      expect(await codeOf(anchorBatch(context, { signed: forged }))).to.equal("contract.attester-signature-invalid");
      const exchanged = { ...signed, readings: `${signed.readings}x` };
      expect(await codeOf(anchorBatch(context, { signed: exchanged }))).to.equal("document.digest-mismatch");
      expect(await codeOf(store.get(signed.message.document))).to.equal("document.not-found");
    });

    it("of a batch for another chain or contract, refuses", async () => {
      const [signed] = await chainOfBatches(await newGateway(), 1);
      expect(await codeOf(anchorBatch(context, { signed: { ...signed, chainId: "1" } }))).to.equal("chain.wrong-chain");
      const readingsAnchor = suite.addressBook.contracts.manager.address;
      expect(await codeOf(anchorBatch(context, { signed: { ...signed, readingsAnchor } }))).to.equal("input.invalid");
    });
  });

  describe("batchKind", () => {
    const submitAll = async (batches: readonly SignedBatch[]) => {
      const receipts: ItemReceipt<AnchoredBatch>[] = [];
      const submitter = await createSubmitter(context, {
        ...QUICK,
        kind: batchKind(context),
        journal: createMemoryJournal(),
        signers: [walletOf("issuer"), walletOf("technician")],
        onReceipt: (receipt) => void receipts.push(receipt),
        maximumPending: 1_000,
      });
      try {
        for (const signed of batches) await submitter.submit(itemOfBatch(signed));
        await submitter.flush();
      } finally {
        await submitter.close();
      }
      return receipts.filter(({ status }) => status === "sequenced" || status === "refused");
    };

    it("of many gateways on two lanes, anchors each batch once, and packs those of one gateway together", async () => {
      const attesters = await Promise.all(Array.from({ length: 4 }, () => newGateway()));
      const chains = await Promise.all(attesters.map((gateway) => chainOfBatches(gateway, 40)));
      const receipts = await submitAll(chains.flat());
      expect(receipts.map(({ status }) => status)).to.deep.equal(Array(160).fill("sequenced"));
      const transactions = new Set(receipts.map((receipt) => "transactionHash" in receipt && receipt.transactionHash));
      expect(transactions.size).to.be.below(40);
      for (const { address } of attesters) {
        expect((await readGatewayPosition(context, { gateway: address })).sequence).to.equal(40n);
      }
    });

    it("of a batch that is on chain already, finds it there, also when others have followed", async () => {
      const gateway = await newGateway();
      const batches = await chainOfBatches(gateway, 3);
      await submitAll(batches);
      const receipts = await submitAll(batches);
      expect(receipts.map(({ status }) => status)).to.deep.equal(Array(3).fill("sequenced"));
      expect((await readGatewayPosition(context, { gateway: gateway.address })).sequence).to.equal(3n);
    });

    it("of a forged batch among others, refuses that one and what its gateway has built on it, and no other", async () => {
      const [honest, other] = [await newGateway(), await newGateway("p256")];
      const [first, second, third] = await chainOfBatches(honest, 3);
      const others = await chainOfBatches(other, 3);
      if (first === undefined || second === undefined || third === undefined) throw new Error("there are three");
      const forged = { ...second, signature: hexlify(new Uint8Array(65).fill(27)) } as SignedBatch;
      const receipts = await submitAll([first, forged, third, ...others]);
      const refused = receipts.filter(({ status }) => status === "refused").map(({ id }) => id);
      expect(refused).to.deep.equal([itemOfBatch(forged).id, itemOfBatch(third).id]);
      expect((await readGatewayPosition(context, { gateway: other.address })).sequence).to.equal(3n);
      expect((await readGatewayPosition(context, { gateway: honest.address })).sequence).to.equal(1n);
    });
  });

  describe("relayReadings", () => {
    it("of a stream, anchors every reading once, and after a crash goes on with the same journal", async () => {
      const gateway = await newGateway("p256");
      const journal = createMemoryJournal();
      const told: RelayedBatch[] = [];
      const relay = async (
        source: AsyncIterable<unknown>,
        onAnchored = (batch: RelayedBatch) => void told.push(batch),
      ) =>
        await relayReadings(context, {
          ...QUICK,
          readings: source,
          gateway,
          journal,
          signers: [walletOf("issuer")],
          maximumReadings: 10,
          onAnchored,
        });
      const crash = () => {
        throw new Error("the power failed");
      };
      await relay(streamOf(readings(1, 35)), crash).then(
        () => expect.fail("it went on"),
        (error: Error) => expect(error.message).to.equal("the power failed"),
      );
      await relay(streamOf(readings(1, 50)));
      const lines = told.flatMap(({ signed }) => signed.readings?.trim().split("\n") ?? []);
      const sequences = lines.map((line) => parseReading(JSON.parse(line)).sequence);
      expect(sequences).to.deep.equal(Array.from({ length: 50 }, (_, index) => index + 1));
      expect(told.map(({ batch }) => batch.sequence)).to.deep.equal(told.map((_, index) => BigInt(index + 1)));
    });
  });

  describe("a paired gateway", () => {
    const SENSORS = [{ id: "bearing-de", quantity: "bearing-temperature", unit: "Cel" }] as const;
    let serial = 810_000;

    const newMotor = async (): Promise<{ readonly passport: Address; readonly product: string }> => {
      const product = productIdOf(++serial);
      const prepared = await issuePassport(contextOf("issuer"), {
        productId: product,
        owner: suite.participants.owner.address,
        document: SAMPLE_MOTOR,
      });
      return { passport: (await prepared.send()).result.passport, product };
    };
    const signedAt = async (gateway: Attester, passport: Address) => {
      const position = await readGatewayPosition(context, { gateway: gateway.address });
      return { ...placeOf(gateway), passport, position };
    };
    const pair = async (
      gateway: Attester,
      {
        passport,
        sensors = SENSORS,
        changes = {},
      }: { passport: Address; sensors?: readonly PairedSensor[]; changes?: object },
    ) => {
      const signed = { ...(await signPairing(gateway, await signedAt(gateway, passport))), ...changes };
      const document = { data: { ...signed, sensors: [...sensors] } };
      await (await attest(contextOf("technician"), { passport, eventType: "GATEWAY_PAIRED", document })).send();
    };
    const unpair = async (gateway: Attester, passport: Address) => {
      const signed = await signUnpairing(gateway, await signedAt(gateway, passport));
      const document = { data: { ...signed, reason: "Moved to another motor" } };
      await (await attest(contextOf("technician"), { passport, eventType: "GATEWAY_UNPAIRED", document })).send();
    };
    const anchor = async (gateway: Attester, batch: readonly Reading[]) => {
      const { sequence, head } = await readGatewayPosition(context, { gateway: gateway.address });
      const created = await createBatch(batch, {
        ...placeOf(gateway),
        sequence: sequence + 1n,
        previousHead: head,
      });
      await (await anchorBatch(context, { signed: await signBatch(gateway, { created }) })).send();
    };
    const prove = async (gateway: Attester, { sensor = "bearing-de", sequence = 1 } = {}) =>
      await proveReading(context, { gateway: gateway.address, sensor, sequence });
    const VALID = ["reading.included", "reading.signed", "reading.anchored", "reading.paired"];
    const refusal = async (gateway: Attester, options: { sensor?: string; sequence?: number } = {}) => {
      const { pairing } = (await verifyReading(await prove(gateway, options), { context })).verdicts;
      return `${pairing.code}: ${pairing.reason}`;
    };

    for (const kind of ["account", "p256"] as const) {
      it(`with a key of kind ${kind}, has its readings proven, in a file that travels`, async () => {
        const [{ passport, product }, gateway] = [await newMotor(), await newGateway(kind)];
        await pair(gateway, { passport });
        await anchor(
          gateway,
          [1, 2, 3].map((sequence) => reading({ product, sequence })),
        );
        const proof: unknown = JSON.parse(JSON.stringify(await prove(gateway, { sequence: 2 })));
        expect(codesOf(await verifyReading(proof, { context }))).to.deep.equal(VALID);
        expect(codesOf(await verifyReading(proof))).to.deep.equal([
          ...VALID.slice(0, 2),
          "reading.chain-not-asked",
          "reading.chain-not-asked",
        ]);
        const report = await verifyPassport(context, { passport });
        expect(report.verdicts.documents.code).to.equal("documents.valid");
      });
    }

    it("of many batches, is proven with one look at each document, and the file of the one that has the reading", async () => {
      const [{ passport, product }, gateway] = [await newMotor(), await newGateway()];
      await pair(gateway, { passport });
      const timeOf = (first: number): string => `2026-11-27T15:0${first}:00.250Z`;
      for (const first of [1, 4, 7]) {
        const at = { product, time: timeOf(first) };
        const batch = [0, 1, 2].map((index) => reading({ ...at, sequence: first + index }));
        await anchor(gateway, [...batch, reading({ ...at, sensor: "bearing-nde", sequence: first })]);
      }
      let documents = 0;
      let files = 0;
      const counting: FullDocumentStore = {
        ...store,
        get: (cid) => {
          documents += 1;
          return store.get(cid);
        },
        getFile: (cid) => {
          files += 1;
          return store.getFile(cid);
        },
      };
      const wanted = { gateway: gateway.address, sensor: "bearing-de", sequence: 2 };
      const proof = await proveReading({ ...context, store: counting }, wanted);
      expect([proof.reading.sequence, proof.batch.sequence]).to.deep.equal([2, "1"]);
      expect([documents, files]).to.deep.equal([3, 1]);
      const missing = proveReading({ ...context, store: counting }, { ...wanted, sequence: 10 });
      expect([await codeOf(missing), documents, files]).to.deep.equal(["reading.not-found", 6, 1]);
      // Whoever knows the time, looks into the batches of that time only.
      const then = await proveReading({ ...context, store: counting }, { ...wanted, time: timeOf(1) });
      expect([then, documents, files]).to.deep.equal([proof, 7, 2]);
      const later = proveReading({ ...context, store: counting }, { ...wanted, time: timeOf(4) });
      expect([await codeOf(later), documents]).to.deep.equal(["reading.not-found", 8]);
      const never = proveReading(context, { ...wanted, time: "yesterday" });
      expect(await codeOf(never)).to.equal("input.invalid");
    });

    it("whose batch somebody paid for in a call that no decoder takes, or shows in no call of the anchor, is proven without its signature", async () => {
      const [{ passport, product }, gateway] = [await newMotor(), await newGateway()];
      await pair(gateway, { passport });
      const { sequence, head: previousHead } = await readGatewayPosition(context, { gateway: gateway.address });
      const place = { ...placeOf(gateway), sequence: sequence + 1n, previousHead };
      const signed = await signBatch(gateway, { created: await createBatch([reading({ product })], place) });
      const { to, data } = (await anchorBatch(context, { signed })).call;
      // The contract needs no zeros behind the 65 bytes of the signature; decoders do.
      const payer = walletOf("technician");
      await (await payer.sendTransaction({ to, data: dataSlice(data, 0, -31) })).wait();
      const unsigned = await prove(gateway);
      expect([unsigned.signer, unsigned.signature]).to.deep.equal([undefined, undefined]);
      expect(codesOf(await verifyReading(unsigned, { context }))).to.deep.equal([
        VALID[0],
        "reading.no-signature",
        ...VALID.slice(2),
      ]);

      await anchor(gateway, [reading({ product, sequence: 2 })]);
      const provider = createProvider(suite.url, { chainId: context.chainId });
      const getTransaction = provider.getTransaction.bind(provider);
      provider.getTransaction = async (hash) => {
        const transaction = await getTransaction(hash);
        return transaction && Object.assign(Object.create(transaction), { to: suite.participants.issuer.address });
      };
      const wanted = { gateway: gateway.address, sensor: "bearing-de", sequence: 2 };
      expect((await proveReading({ ...context, provider }, wanted)).signature).to.equal(undefined);
      expect((await prove(gateway, { sequence: 2 })).signature).to.be.a("string");
      provider.destroy();
    });

    it("of which any byte of the proof is changed, is found out by one verdict or refused", async () => {
      const [{ passport, product }, gateway] = [await newMotor(), await newGateway("p256")];
      await pair(gateway, { passport });
      await anchor(
        gateway,
        [1, 2, 3].map((sequence) => reading({ product, sequence })),
      );
      const text = JSON.stringify(await prove(gateway));
      // The registry is what the reader compares with what he relies on himself; nothing follows from it.
      const places = Array.from(text, (_, place) => place).filter(
        (place) => place % 7 === 0 && !isInRegistry(text, place),
      );
      for (const place of places) {
        const character = text[place] === "1" ? "2" : "1";
        const forged = text.slice(0, place) + character + text.slice(place + 1);
        const codes = await Promise.resolve()
          .then(async () => codesOf(await verifyReading(JSON.parse(forged))))
          .catch((error: Error) => [error.message]);
        expect(codes.slice(0, 2), `place ${place} of ${forged}`).not.to.deep.equal(VALID.slice(0, 2));
      }
    });

    it("that was not attached yet, or no longer, has its readings refused; attached anew, counted", async () => {
      const [{ passport, product }, gateway] = [await newMotor(), await newGateway()];
      const send = async (sequence: number) => await anchor(gateway, [reading({ product, sequence })]);
      await send(1);
      await pair(gateway, { passport });
      await send(2);
      await unpair(gateway, passport);
      await send(3);
      await pair(gateway, { passport });
      await send(4);
      expect(await refusal(gateway, { sequence: 1 })).to.include("not attached then");
      expect(await refusal(gateway, { sequence: 2 })).to.include("reading.paired");
      expect(await refusal(gateway, { sequence: 3 })).to.include("not attached then");
      expect(await refusal(gateway, { sequence: 4 })).to.include("reading.paired");
      const { series, gaps, batches } = await readReadings(context, { passport });
      expect(series.map(({ count }) => count)).to.deep.equal([2]);
      expect(batches.map(({ batch }) => batch.sequence)).to.deep.equal([2n, 4n]);
      expect(gaps).to.deep.include({ gateway: gateway.address, sensor: "bearing-de", first: 3, last: 3 });
    });

    it("that is replaced by another one, leaves its readings behind and the other goes on", async () => {
      const [{ passport, product }, old, young] = [await newMotor(), await newGateway(), await newGateway("p256")];
      await pair(old, { passport });
      await anchor(old, [reading({ product })]);
      await unpair(old, passport);
      await pair(young, { passport });
      await anchor(young, [reading({ product, sequence: 7, value: "70" })]);
      const { series, readings: iterate, findings, gaps } = await readReadings(context, { passport });
      expect(series.map(({ count, mean }) => [count, mean])).to.deep.equal([[2, "66.75"]]);
      expect([findings, gaps]).to.deep.equal([[], []]);
      const all: CountedReading[] = [];
      for await (const counted of iterate()) all.push(counted);
      expect(all.map(({ batch }) => batch.gateway)).to.deep.equal([old.address, young.address]);
    });

    it("that anchors numbers twice, is reported, and of each number what was anchored first counts", async () => {
      const [{ passport, product }, gateway] = [await newMotor(), await newGateway()];
      await pair(gateway, { passport });
      const [first, second, third] = [1, 2, 3].map((sequence) => reading({ product, sequence }));
      if (first === undefined || second === undefined || third === undefined) throw new Error("there are three");
      await anchor(gateway, [first, second, third]);
      await anchor(gateway, [second, { ...third, value: "99" }, { ...third, sequence: 5 }]);
      const { series, gaps, findings, readings: iterate } = await readReadings(context, { passport });
      expect(series.map(({ count, maximum }) => [count, maximum])).to.deep.equal([[4, "63.5"]]);
      expect(gaps.map(({ first: from, last }) => [from, last])).to.deep.equal([[4, 4]]);
      const who = `The gateway ${gateway.address} has anchored`;
      expect(findings).to.deep.equal([
        {
          code: "reading.repeated",
          reason: `${who} readings of the sensor bearing-de again; the second ones do not count. Numbers: 2 in batches 1 and 2.`,
        },
        {
          code: "reading.contradicted",
          reason: `${who} different readings of the sensor bearing-de under one number; the second ones do not count. Numbers: 3 in batches 1 and 2.`,
        },
      ]);
      const all: string[] = [];
      for await (const counted of iterate()) all.push(`${counted.batch.sequence} ${counted.reading.sequence}`);
      expect(all).to.deep.equal(["1 1", "1 2", "1 3", "2 5"]);
    });

    it("that reports of another product, of a sensor or quantity that is not listed, or without the sensor's signature, is refused", async () => {
      const [{ passport, product }, other, gateway] = [await newMotor(), await newMotor(), await newGateway()];
      const key = p256Key(`0x${"5e".repeat(32)}`);
      const sensors = [...SENSORS, { ...SENSORS[0], id: "signed", publicKey: key.publicKey }];
      await pair(gateway, { passport, sensors });
      await anchor(gateway, [
        reading({ product: other.product, sequence: 1 }),
        reading({ product, sensor: "bearing-nde" }),
        reading({ product, sequence: 2, quantity: "winding-temperature" }),
        reading({ product, sensor: "signed" }),
        await signReading(reading({ product, sensor: "signed", sequence: 2 }), { key }),
      ]);
      expect(await refusal(gateway, { sequence: 1 })).to.include("says nothing of this gateway");
      expect(await refusal(gateway, { sensor: "bearing-nde" })).to.include("not one of those");
      expect(await refusal(gateway, { sequence: 2 })).to.include("measures bearing-temperature");
      expect(await refusal(gateway, { sensor: "signed" })).to.include("has not signed");
      expect(await refusal(gateway, { sensor: "signed", sequence: 2 })).to.include("reading.paired");
      const { series, batches } = await readReadings(context, { passport });
      expect(series.map(({ sensor, count }) => [sensor, count])).to.deep.equal([["signed", 1]]);
      expect(batches[0]?.refused?.count).to.equal(3);
    });

    it("that never agreed to its pairing, is reported by the verification, and its readings are refused", async () => {
      for (const kind of ["account", "p256"] as const) {
        const [{ passport, product }, gateway] = [await newMotor(), await newGateway(kind)];
        const { gatewaySignature } = await signUnpairing(gateway, await signedAt(gateway, passport));
        await pair(gateway, { passport, changes: { gatewaySignature } });
        await anchor(gateway, [reading({ product })]);
        const { documents } = (await verifyPassport(context, { passport })).verdicts;
        expect(documents.status).to.equal(kind === "p256" ? "invalid" : "unknown");
        expect(documents.reason).to.include(gateway.address);
        expect(await refusal(gateway)).to.include("says nothing of this gateway");
      }
    });

    it("whose pairing names a head that its chain never had, is refused", async () => {
      const [{ passport, product }, gateway] = [await newMotor(), await newGateway()];
      const at = await signedAt(gateway, passport);
      const head = parseBytes27(`0x${"ab".repeat(27)}`);
      const backdated = await signPairing(gateway, { ...at, position: { sequence: 0n, head } });
      await pair(gateway, { passport, changes: backdated });
      await anchor(gateway, [reading({ product })]);
      expect(await refusal(gateway)).to.include("never had");
    });

    it("that was revoked, is refused from then on, and believed before", async () => {
      const [{ passport, product }, gateway] = [await newMotor(), await newGateway()];
      await pair(gateway, { passport });
      await anchor(gateway, [reading({ product })]);
      // What was anchored in the very second of the revocation counts as after it.
      await suite.network.provider.send("evm_increaseTime", ["0x2"]);
      const admin = { ...context, signer: new Wallet(suite.participants.admin.privateKey, context.provider) };
      await (await revokeAttester(admin, { attester: gateway.address })).send();
      await anchor(gateway, [reading({ product, sequence: 2 })]);
      expect(await refusal(gateway, { sequence: 1 })).to.include("reading.paired");
      expect(await refusal(gateway, { sequence: 2 })).to.include("was revoked");
      const { findings } = await readPairings(context, { passport });
      expect(findings.map(({ code }) => code)).to.deep.equal(["pairing.gateway-revoked"]);
    });

    it("whose store lost or exchanged the content, is anchored all the same, and its readings are unknown", async () => {
      const [{ passport, product }, gateway] = [await newMotor(), await newGateway()];
      await pair(gateway, { passport });
      await anchor(gateway, [reading({ product })]);
      const proof = await prove(gateway);
      const { batches } = await readGatewayChain(context, { gateway: gateway.address });
      const [batch] = batches;
      if (batch === undefined) throw new Error("there is one");
      const liar = { ...store, getFile: () => streamOf([new Uint8Array(10)]) };
      const forger = { ...store, get: async () => new Uint8Array(10) };
      for (const bad of [undefined, liar, forger, createMemoryStore()]) {
        expect((await readBatch({ ...context, store: bad }, { batch })).status).to.equal("unknown");
      }
      const { verdicts } = await verifyReading(proof, { context: { ...context, store: undefined } });
      expect([verdicts.anchoring.status, verdicts.pairing.status]).to.deep.equal(["valid", "unknown"]);
      expect(
        await codeOf(
          proveReading(
            { ...context, store: createMemoryStore() },
            { gateway: gateway.address, sensor: "bearing-de", sequence: 1 },
          ),
        ),
      ).to.equal("reading.not-found");
    });

    it("of which a node hides a batch, is not believed; an outage is no forgery", async () => {
      const [{ passport, product }, gateway] = [await newMotor(), await newGateway()];
      await pair(gateway, { passport });
      for (const sequence of [1, 2, 3]) await anchor(gateway, [reading({ product, sequence })]);
      const proof = await prove(gateway);
      for (const hidden of [0, 1, 2]) {
        const provider = createProvider(suite.url, { chainId: context.chainId });
        const getLogs = provider.getLogs.bind(provider);
        provider.getLogs = async (filter) => (await getLogs(filter)).filter((_, index) => index !== hidden);
        const { anchoring, pairing } = (await verifyReading(proof, { context: { ...context, provider } })).verdicts;
        expect([anchoring.status, anchoring.code, pairing.status]).to.deep.equal([
          "unknown",
          "chain.answer-invalid",
          "unknown",
        ]);
        provider.destroy();
      }
      const dead = createProvider("http://127.0.0.1:9", { chainId: context.chainId });
      const { verdicts } = await verifyReading(proof, { context: { ...context, provider: dead } });
      expect(verdicts.anchoring.code).to.equal("chain.unreachable");
      dead.destroy();
    });
  });
});

function isInRegistry(text: string, place: number): boolean {
  const start = text.indexOf('"registry":');
  return place > start && place <= start + 56;
}

/** The codes of the four verdicts, in the order of the questions. */
const codesOf = ({ verdicts }: VerifiedReading) => [
  verdicts.reading.code,
  verdicts.signature.code,
  verdicts.anchoring.code,
  verdicts.pairing.code,
];

async function* streamOf<Value>(values: Iterable<Value>): AsyncGenerator<Value> {
  yield* values;
}

/** The code of the error that a promise fails with. */
async function codeOf(promise: Promise<unknown>): Promise<string> {
  return await promise.then(
    () => "it was done",
    (error: { readonly code?: string }) => error.code ?? String(error),
  );
}
