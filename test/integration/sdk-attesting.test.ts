import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { expect } from "chai";
import { id, Wallet, ZeroHash } from "ethers";
import { network } from "hardhat";
import {
  type Attester,
  acceptanceTypedData,
  accountAttester,
  attestationTypedData,
  cancellationTypedData,
  createDocument,
  createMemoryStore,
  createPassportClient,
  type DocumentStore,
  eventTypeName,
  eventTypeOf,
  lockTypedData,
  offerTypedData,
  type PasskeyStore,
  p256Attester,
  p256Key,
  parseAddress,
  parseBytes32,
  parseDigest,
  parseP256PublicKey,
  parseSignedAttestation,
  passkey,
  verifiedGet,
  type WebAuthnKey,
  webAuthnAttester,
  webCryptoKey,
} from "../../sdk/src/index.js";
import { NO_END } from "../support/contract-values.js";
import { deploySuite } from "../support/deploy-suite.js";
import { refusalOf, SAMPLE_MAINTENANCE, sdkOn } from "../support/sdk-clients.js";

const connection = await network.create();
const { loadFixture, time } = connection.networkHelpers;

const issuedMotor = async () => {
  const sdk = await sdkOn(await deploySuite(connection));
  const { passport, productId } = await sdk.issueMotor();
  const contract = await connection.ethers.getContractAt("DigitalPassport", passport);
  return { ...sdk, passport, productId, contract };
};

/** A passkey of a phone, whose authenticator is made of Node's own cryptography. */
const passkeyOfPhone = async (): Promise<WebAuthnKey> => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const sha256 = (data: string) => createHash("sha256").update(data).digest();
  const credentials: PasskeyStore = {
    get: async ({ publicKey: { challenge } }) => {
      const base64url = Buffer.from(challenge).toString("base64url");
      const clientData = `{"type":"webauthn.get","challenge":"${base64url}","origin":"https://id.weg.example"}`;
      // Present, verified, synchronised; and a counter.
      const authenticatorData = Buffer.concat([sha256("id.weg.example"), Buffer.from([0x1d, 0, 0, 0, 9])]);
      const signature = sign("sha256", Buffer.concat([authenticatorData, sha256(clientData)]), privateKey);
      return { response: { authenticatorData, clientDataJSON: Buffer.from(clientData), signature } };
    },
  };
  const spki = publicKey.export({ format: "der", type: "spki" });
  return passkey(credentials, { id: Uint8Array.of(1), publicKey: await parseP256PublicKey(spki) });
};

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("attest", () => {
  it("by whoever has the role: the entry, with its document in the store, and as the verifier wants it", async () => {
    const { suite, store, clientOf, passport, productId } = await loadFixture(issuedMotor);
    const { technician } = suite.accounts;
    const prepared = await clientOf(technician).attest({
      passport,
      eventType: "MAINTAINED",
      document: SAMPLE_MAINTENANCE,
    });
    const { result } = await prepared.send();
    expect(eventTypeName(result.eventType)).to.equal("MAINTAINED");
    expect(result).to.include({ sequence: 2n, attester: technician.address, roles: await suite.manager.TECHNICIAN() });
    const document = JSON.parse(new TextDecoder().decode(await verifiedGet(store, result.document)));
    expect(document).to.deep.include({ productId, attester: technician.address, ...SAMPLE_MAINTENANCE });
    const { verdicts } = await clientOf().verifyPassport({ passport });
    expect(verdicts.documents.status).to.equal("valid");
    expect(verdicts.authority.status).to.equal("valid");
  });

  it("the passport named by its product's URL: the same passport", async () => {
    const { suite, clientOf, passport, productId } = await loadFixture(issuedMotor);
    const event = { eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE } as const;
    const prepared = await clientOf(suite.accounts.technician).attest({ passport: productId, ...event });
    expect(prepared.call.to).to.equal(passport);
  });

  it("by somebody without the role: refused in words, also while it is only estimated", async () => {
    const { suite, clientOf, passport } = await loadFixture(issuedMotor);
    const { logistics } = suite.accounts;
    const event = { eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE } as const;
    const prepared = await clientOf(logistics).attest({ passport, ...event });
    for (const task of [prepared.estimate(), prepared.send()]) {
      const error = await refusalOf(task);
      expect(error.code).to.equal("contract.manufacturer-manager-role-missing");
      expect(error.message).to.include(
        `${logistics.address} may not record MAINTAINED: it takes one of the roles MANUFACTURER, TECHNICIAN`,
      );
    }
  });

  it("an event that the condition forbids: refused with the conditions in the brand's words", async () => {
    const { suite, clientOf, passport } = await loadFixture(issuedMotor);
    const client = clientOf(suite.accounts.manufacturer);
    const document = { data: { campaign: "2026-07", remedyDone: "Seal replaced" } };
    const prepared = await client.attest({ passport, eventType: "RECALL_CLOSED", document });
    const error = await refusalOf(prepared.send());
    expect(error.code).to.equal("contract.manufacturer-manager-condition-missing");
    expect(error.message).to.include(
      "RECALL_CLOSED needs the condition ISSUED, RECALLED; the passport's condition is ISSUED",
    );
  });

  it("a document made beforehand: stored and recorded", async () => {
    const { suite, store, clientOf, passport, productId } = await loadFixture(issuedMotor);
    const { technician } = suite.accounts;
    const document = createDocument("MAINTAINED", {
      productId,
      attester: parseAddress(technician.address),
      issuedAt: "2026-11-22T13:08:00Z",
      ...SAMPLE_MAINTENANCE,
    });
    const prepared = await clientOf(technician).attest({ passport, eventType: "MAINTAINED", document });
    const { result } = await prepared.send();
    expect(result.document).to.equal(document.digest);
    expect(await store.get(document.digest)).to.deep.equal(document.bytes);
  });

  for (const [what, change, code] of [
    ["another product", { productId: "https://id.weg.example/01/09521234567899/21/other" }, "document.other-product"],
    ["another attester", { attester: "0x0000000000000000000000000000000000007702" }, "document.other-attester"],
  ] as const) {
    it(`a document that speaks of ${what}: ${code}, before anything is sent`, async () => {
      const { suite, clientOf, passport, productId } = await loadFixture(issuedMotor);
      const { technician } = suite.accounts;
      const right = { productId, attester: technician.address, issuedAt: "2026-11-22T13:08:00Z" };
      const { attester, ...rest } = { ...right, ...change };
      const document = createDocument("MAINTAINED", {
        ...rest,
        attester: parseAddress(attester),
        ...SAMPLE_MAINTENANCE,
      });
      const client = clientOf(technician);
      expect((await refusalOf(client.attest({ passport, eventType: "MAINTAINED", document }))).code).to.equal(code);
    });
  }

  it("an unknown event type, and a malformed one: refused before anything is stored", async () => {
    const { suite, clientOf, passport } = await loadFixture(issuedMotor);
    const client = clientOf(suite.accounts.technician);
    // @ts-expect-error no such event type
    const unknown = await refusalOf(client.attest({ passport, eventType: "MAINTANED", document: SAMPLE_MAINTENANCE }));
    expect(unknown.code).to.equal("event-type.unknown");
    const document = `0x${"12".repeat(32)}`;
    const malformed = await refusalOf(client.attest({ passport, eventType: "maintained", document }));
    expect(malformed.code).to.equal("input.invalid");
    const unruled = await refusalOf((await client.attest({ passport, eventType: "POLISHED", document })).send());
    expect(unruled.code).to.equal("contract.manufacturer-manager-event-type-unknown");
  });

  it("a contract that is no passport of the registry: passport.foreign", async () => {
    const { suite, clientOf } = await loadFixture(issuedMotor);
    const event = { eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE } as const;
    const client = clientOf(suite.accounts.technician);
    for (const passport of [await suite.implementation.getAddress(), suite.accounts.stranger.address]) {
      expect((await refusalOf(client.attest({ passport, ...event }))).code).to.equal("passport.foreign");
    }
  });

  const lyingStores: readonly (readonly [string, (store: DocumentStore) => DocumentStore, string])[] = [
    [
      "says that it keeps a document and does not",
      (store) => ({ ...createMemoryStore(), put: store.put }),
      "document.not-found",
    ],
    [
      "keeps other bytes",
      (store) => ({ ...store, get: async () => new TextEncoder().encode("{}") }),
      "document.digest-mismatch",
    ],
    [
      "names another digest",
      (store) => ({
        ...store,
        put: async (bytes) => ({ ...(await store.put(bytes)), digest: parseDigest(`0x${"12".repeat(32)}`) }),
      }),
      "document.digest-mismatch",
    ],
  ];
  for (const [circumstance, makeStore, code] of lyingStores) {
    it(`a store that ${circumstance}: ${code}, and nothing is recorded`, async () => {
      const { suite, store, clientOf, passport, contract } = await loadFixture(issuedMotor);
      const client = clientOf(suite.accounts.technician, { store: makeStore(store) });
      const event = { eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE } as const;
      expect((await refusalOf(client.attest({ passport, ...event }))).code).to.equal(code);
      expect(await contract.entryCount()).to.equal(1n);
    });
  }

  it("several at the same time from one account: all are recorded, one after another", async () => {
    const { suite, clientOf, passport, contract } = await loadFixture(issuedMotor);
    const client = clientOf(suite.accounts.technician);
    const event = { eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE } as const;
    const prepared = await Promise.all([1, 2, 3].map(() => client.attest({ passport, ...event })));
    const sent = await Promise.all(prepared.map((transaction) => transaction.send()));
    expect(sent.map(({ result }) => result.sequence).sort()).to.deep.equal([2n, 3n, 4n]);
    expect(await contract.entryCount()).to.equal(4n);
  });
});

describe("typed data", () => {
  it("of every message: the digest that the passport itself computes", async () => {
    const { passport, contract } = await loadFixture(issuedMotor);
    const domain = { chainId: 31_337n, passport: parseAddress(passport) };
    const document = parseDigest(id("a document"));
    const someone = parseAddress("0x0000000000000000000000000000000000007702");
    const attestation = {
      eventType: eventTypeOf("MAINTAINED"),
      document,
      attester: someone,
      sequence: 7n,
      deadline: 2n ** 256n - 1n,
    };
    const offer = { newOwner: someone, document, offerNonce: 3n, expiresAt: 1_900_000_000n };
    const expectedHead = parseBytes32(id("a head"));
    const acceptance = { newOwner: someone, document, offerNonce: 3n, expectedHead, deadline: 5n };
    const lock = { holder: someone, until: 9n, document, sequence: 2n, deadline: 5n };
    expect(attestationTypedData({ ...domain, ...attestation }).digest).to.equal(
      await contract.attestationDigest(attestation),
    );
    expect(offerTypedData({ ...domain, ...offer }).digest).to.equal(await contract.offerDigest(offer));
    expect(cancellationTypedData({ ...domain, offerNonce: 3n }).digest).to.equal(await contract.cancelDigest(3n));
    expect(acceptanceTypedData({ ...domain, ...acceptance }).digest).to.equal(await contract.acceptDigest(acceptance));
    expect(lockTypedData({ ...domain, ...lock }).digest).to.equal(await contract.lockDigest(lock));
  });
});

describe("signAttestation and submitAttestation", () => {
  type Motor = Awaited<ReturnType<typeof issuedMotor>>;
  const waysOfSigning: Readonly<Record<string, (motor: Motor) => Promise<Attester>>> = {
    "an account without ETH": () => accountAttester(new Wallet(id("a technician"))),
    "an account of the node": ({ suite }) => accountAttester(suite.accounts.certifier),
    "a contract wallet": async () => {
      const account = new Wallet(id("the wallet's account"));
      const wallet = await connection.ethers.deployContract("Erc1271Wallet", [account.address]);
      return accountAttester(account, { wallet: await wallet.getAddress() });
    },
    "a P-256 key": async ({ suite }) => {
      const verifier = parseAddress(await suite.p256Verifier.getAddress());
      return p256Attester(p256Key(id("a secure element")), { verifier });
    },
    "a passkey": async ({ suite }) => {
      const verifier = parseAddress(await suite.webAuthnVerifier.getAddress());
      return webAuthnAttester(await passkeyOfPhone(), { verifier });
    },
    "a key of WebCrypto": async ({ suite }) => {
      const verifier = parseAddress(await suite.webAuthnVerifier.getAddress());
      const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
      const user = { origin: "https://service.example", verifyUser: async () => {} };
      return webAuthnAttester(await webCryptoKey(pair, user), { verifier });
    },
  };

  const grantTechnician = async ({ suite, clientOf }: Motor, { address, signer }: Attester): Promise<void> => {
    const grantee = signer.length === 2 ? { attester: address } : { signer };
    const grant = { ...grantee, roles: ["TECHNICIAN"], validUntil: NO_END };
    const { result } = await (await clientOf(suite.accounts.admin).grantRoles(grant)).send();
    expect(result.attester).to.equal(address);
  };

  for (const [way, makeAttester] of Object.entries(waysOfSigning)) {
    it(`${way} signs, others write, a stranger submits: recorded in the attester's name, with the document`, async () => {
      const motor = await loadFixture(issuedMotor);
      const { suite, store, clientOf, passport, productId } = motor;
      const attester = await makeAttester(motor);
      await grantTechnician(motor, attester);
      const signed = await clientOf(undefined, { attester, store: undefined }).signAttestation({
        passport,
        productId,
        eventType: "MAINTAINED",
        document: SAMPLE_MAINTENANCE,
        deadline: NO_END,
      });
      const event = { eventType: "INSPECTED", document: id("meanwhile") } as const;
      await (await clientOf(suite.accounts.regulator).attest({ passport, ...event })).send();

      const submission = { signed: throughJson(signed) };
      const prepared = await clientOf(suite.accounts.stranger).submitAttestation(submission);
      const { result } = await prepared.send();
      expect(result).to.include({ sequence: 3n, attester: attester.address });
      expect(await verifiedGet(store, result.document)).to.deep.equal(new TextEncoder().encode(signed.content));

      const again = clientOf(suite.accounts.stranger).submitAttestation(submission);
      expect((await refusalOf(again)).code).to.equal("contract.digital-passport-signature-used");
    });
  }

  const setUp = async () => {
    const motor = await loadFixture(issuedMotor);
    const attester = await accountAttester(new Wallet(id("a technician")));
    await grantTechnician(motor, attester);
    const sign = (options: { readonly sequence?: bigint; readonly deadline?: bigint } = {}) =>
      motor.clientOf(undefined, { attester }).signAttestation({
        passport: motor.passport,
        eventType: "MAINTAINED",
        document: SAMPLE_MAINTENANCE,
        deadline: NO_END,
        ...options,
      });
    const submit = async (signed: unknown) =>
      (await motor.clientOf(motor.suite.accounts.stranger).submitAttestation({ signed })).send();
    return { ...motor, attester, sign, submit };
  };

  it("for an exact position that another entry has taken: refused, dead for ever", async () => {
    const { sign, submit } = await setUp();
    const [first, overtaken] = await Promise.all([sign({ sequence: 2n }), sign({ sequence: 2n })]);
    await submit(first);
    const error = await refusalOf(submit(overtaken));
    expect(error.code).to.equal("contract.digital-passport-sequence-mismatch");
    expect(error.message).to.include("for position 2, but the next entry is number 3");
  });

  it("after its deadline: refused, with both times in words", async () => {
    const { sign, submit } = await setUp();
    const deadline = BigInt(await time.latest()) + 3_600n;
    const signed = await sign({ deadline });
    await time.increaseTo(deadline + 60n);
    const error = await refusalOf(submit(signed));
    expect(error.code).to.equal("contract.digital-passport-expired");
    expect(error.message).to.match(/deadline \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ has passed/);
  });

  it("changed by one digit after it was signed: refused by the passport", async () => {
    const { sign, submit } = await setUp();
    const signed = await sign();
    const changed = { ...signed, message: { ...signed.message, deadline: "1999999999" } };
    expect((await refusalOf(submit(changed))).code).to.equal("contract.attester-signature-invalid");
  });

  it("with another document than was signed: document.digest-mismatch, nothing is stored", async () => {
    const { sign, submit, store } = await setUp();
    const signed = await sign();
    const before = await Array.fromAsync(store.list());
    const changed = { ...signed, content: signed.content?.replace("both bearings", "one bearing") };
    expect((await refusalOf(submit(changed))).code).to.equal("document.digest-mismatch");
    expect(await Array.fromAsync(store.list())).to.deep.equal(before);
  });

  it("refused by the passport: nothing of what came along is stored", async () => {
    const { sign, submit, store } = await setUp();
    const signed = await sign();
    const before = await Array.fromAsync(store.list());
    const forged = { ...signed, signature: `${signed.signature.slice(0, -2)}1d` };
    expect((await refusalOf(submit(forged))).code).to.equal("contract.attester-signature-invalid");
    expect(await Array.fromAsync(store.list())).to.deep.equal(before);
  });

  it("in the name of a key that it does not fit: refused", async () => {
    const { sign, submit, suite } = await setUp();
    const verifier = parseAddress(await suite.p256Verifier.getAddress());
    const { signer } = p256Attester(p256Key(id("another key")), { verifier });
    const error = await refusalOf(submit({ ...(await sign()), signer }));
    expect(error.code).to.equal("contract.attester-signer-mismatch");
  });

  it("for another chain: chain.wrong-chain; for a contract that is no passport: passport.foreign", async () => {
    const { sign, submit, suite } = await setUp();
    const signed = await sign();
    expect((await refusalOf(submit({ ...signed, chainId: "42161" }))).code).to.equal("chain.wrong-chain");
    const foreign = { ...signed, passport: suite.accounts.stranger.address };
    expect((await refusalOf(submit(foreign))).code).to.equal("passport.foreign");
  });

  it("something that is no signed attestation: input.invalid, naming the field", async () => {
    const { submit } = await setUp();
    expect((await refusalOf(submit({ type: "Attestation" }))).message).to.include(
      "signed attestation is not valid: chainId",
    );
  });

  it("prepared by one and sent by another, who knows the bare call only: recorded in the name of who signed", async () => {
    const { attester, sign, clientOf, contract, suite } = await setUp();
    const { call } = await clientOf().submitAttestation({ signed: throughJson(await sign()) });
    const { to, data } = JSON.parse(JSON.stringify({ to: call.to, data: call.data }));
    await suite.accounts.stranger.sendTransaction({ to, data });
    const [entry] = (await clientOf().readHistory({ passport: await contract.getAddress() })).entries.slice(-1);
    expect(entry).to.include({ sequence: 2n, attester: attester.address });
  });

  it("without any connection: signs with the passport's address and the productId, asking nothing", async () => {
    const { productId, passport } = await loadFixture(issuedMotor);
    const offline = createPassportClient({
      rpc: "http://127.0.0.1:1",
      chainId: 31_337n,
      registry: "0x0000000000000000000000000000000000007702",
      attester: await accountAttester(new Wallet(id("a technician"))),
    });
    const event = { eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE, deadline: NO_END } as const;
    const signed = await offline.signAttestation({ passport, productId, ...event });
    expect(parseSignedAttestation(throughJson(signed))).to.deep.equal(signed);
    expect(signed.message.document).not.to.equal(ZeroHash);
  });
});

describe("submitAttestations", () => {
  const setUp = async () => {
    const motor = await loadFixture(issuedMotor);
    const { suite, clientOf, passport } = motor;
    const other = await motor.issueMotor();
    const verifier = parseAddress(await suite.p256Verifier.getAddress());
    const technician = await accountAttester(new Wallet(id("a technician")));
    const device = p256Attester(p256Key(id("a secure element")), { verifier });
    for (const grantee of [{ attester: technician.address }, { signer: device.signer }]) {
      const grant = { ...grantee, roles: ["TECHNICIAN"], validUntil: NO_END };
      await (await clientOf(suite.accounts.admin).grantRoles(grant)).send();
    }
    const sign = (
      attester: Attester,
      options: { readonly passport?: string; readonly sequence?: bigint; readonly document?: string } = {},
    ) =>
      clientOf(undefined, { attester }).signAttestation({
        passport,
        eventType: "MAINTAINED",
        document: SAMPLE_MAINTENANCE,
        deadline: NO_END,
        ...options,
      });
    const submit = async (signed: readonly unknown[]) =>
      (await clientOf(suite.accounts.stranger).submitAttestations({ signed })).send();
    return { ...motor, other, technician, device, sign, submit };
  };

  it("of several passports and attesters: recorded in one transaction, each in its own name, with its document", async () => {
    const { clientOf, device, other, passport, sign, store, submit, technician } = await setUp();
    const signed = [
      await sign(technician),
      await sign(device, { passport: other.passport }),
      await sign(device, { sequence: 3n }),
    ];
    const { result, transactionHash } = await submit(signed.map(throughJson));
    expect(result.map((item) => [item.passport, item.entry.sequence, item.entry.attester])).to.deep.equal([
      [passport, 2n, technician.address],
      [other.passport, 2n, device.address],
      [passport, 3n, device.address],
    ]);
    for (const [index, { entry }] of result.entries()) {
      expect(entry.transactionHash).to.equal(transactionHash);
      expect(await verifiedGet(store, entry.document)).to.deep.equal(new TextEncoder().encode(signed[index]?.content));
    }
    const { verdicts } = await clientOf().verifyPassport({ passport });
    expect(verdicts.history.status).to.equal("valid");
  });

  it("the same document twice for one passport: each entry is told once", async () => {
    const { sign, submit, technician, device } = await setUp();
    const document = id("stored before");
    const signed = await Promise.all([
      sign(technician, { document }),
      sign(technician, { document, sequence: 3n }),
      sign(device, { document }),
    ]);
    const { result } = await submit(signed);
    expect(result.map(({ entry }) => entry.sequence)).to.deep.equal([2n, 3n, 4n]);
  });

  it("one that its passport refuses: none is recorded, none is stored, the error says which and why in words", async () => {
    const { contract, other, sign, store, submit, technician } = await setUp();
    const stranger = await accountAttester(new Wallet(id("a stranger")));
    const before = await Array.fromAsync(store.list());
    const error = await refusalOf(
      submit([await sign(technician), await sign(stranger, { passport: other.passport }), await sign(technician)]),
    );
    expect(error.code).to.equal("contract.attestation-relay-item-refused");
    expect(error.details).to.deep.include({ index: 1n, passport: other.passport });
    expect(error.message).to.include("index 1").and.to.include(other.passport);
    expect(error.message).to.include(`${stranger.address} may not record MAINTAINED: it takes one of the roles MANUFA`);
    expect(error.cause).to.include({ code: "contract.manufacturer-manager-role-missing" });
    expect(await contract.entryCount()).to.equal(1n);
    expect(await Array.fromAsync(store.list())).to.deep.equal(before);
  });

  it("one that cannot be submitted at all: attestation.item-refused, naming it, before the chain is asked to", async () => {
    const { sign, submit, suite, technician } = await setUp();
    const good = await sign(technician);
    for (const [bad, code] of [
      [{ type: "Attestation" }, "input.invalid"],
      [{ ...good, chainId: "42161" }, "chain.wrong-chain"],
      [{ ...good, passport: suite.accounts.stranger.address }, "passport.foreign"],
      [{ ...good, content: "{}" }, "document.digest-mismatch"],
    ] as const) {
      const error = await refusalOf(submit([good, bad]));
      expect(error.code).to.equal("attestation.item-refused");
      expect(error.details).to.include({ index: 1, position: 2, count: 2 });
      expect(error.cause).to.include({ code });
    }
  });

  it("a relay at an address of other code: contract.event-missing, never a result", async () => {
    const { clientOf, sign, suite, technician } = await setUp();
    const { content: _, ...signed } = await sign(technician);
    const client = clientOf(suite.accounts.stranger, { attestationRelay: suite.accounts.buyer.address });
    const prepared = await client.submitAttestations({ signed: [signed] });
    expect((await refusalOf(prepared.send())).code).to.equal("contract.event-missing");
  });

  it("none, too many, or without a relay: input.invalid", async () => {
    const { clientOf, sign, suite, submit, technician } = await setUp();
    const signed = await sign(technician);
    const client = clientOf(suite.accounts.stranger, { attestationRelay: undefined });
    for (const task of [submit([]), submit(Array(51).fill(signed)), client.submitAttestations({ signed: [signed] })]) {
      expect((await refusalOf(task)).code).to.equal("input.invalid");
    }
  });
});
