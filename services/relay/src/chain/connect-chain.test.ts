import { type Attester, accountAttester, createMemoryStore, createProvider } from "@digital-product-passport/sdk";
import { parseReading } from "@digital-product-passport/sdk/readings";
import { expect } from "chai";
import { Wallet } from "ethers";
import { noHead } from "../batches/recover-batches.js";
import { connectChain } from "./connect-chain.js";

const SALT = "07".repeat(16);

describe("connectChain", () => {
  /** Nobody is asked anything: batches are made and signed without a chain. */
  const provider = createProvider("http://127.0.0.1:9", { chainId: 31_337n });
  let gateway: Attester;

  before(async () => {
    gateway = await accountAttester(new Wallet(`0x${"11".repeat(32)}`));
  });
  after(() => provider.destroy());

  const connect = (chainId = 31_337n) => {
    const { address: registry } = gateway;
    return connectChain({
      context: {
        provider,
        chainId,
        registry,
        readingsAnchor: registry,
        store: createMemoryStore(),
        clock: () => 0n,
        randomBytes: () => {
          throw new Error("a batch that is made again must not be another one");
        },
      },
      gateway,
      deadlineSeconds: 60,
    });
  };
  const readings = [1, 2, 3].map((sequence) =>
    parseReading({
      sensor: "winding-1",
      sequence,
      product: "https://id.weg.example/01/09521122000019/21/W22-2600037",
      quantity: "winding-temperature",
      unit: "Cel",
      value: "71.5",
      time: "2026-11-27T12:00:00Z",
    }),
  );
  const place = { sequence: 1, previousHead: noHead(), salt: SALT };

  it("a batch, made again from the same readings at the same place, is the same; with another salt, another", async () => {
    const { createBatch } = connect();
    const [once, again] = [await createBatch(readings, place), await createBatch(readings, place)];
    expect([again.head, again.created.bytes, again.created.file]).to.deep.equal([
      once.head,
      once.created.bytes,
      once.created.file,
    ]);
    expect((await createBatch(readings, { ...place, salt: "08".repeat(16) })).head).not.to.equal(once.head);
  });

  it("a signed batch, carries neither document nor readings: they are in the store, and the journal must stay small", async () => {
    const { createBatch, signBatch } = connect();
    const { created } = await createBatch(readings, place);
    const item = await signBatch(created);
    expect(item.payload).to.include.keys("message", "signature");
    expect(JSON.stringify(item).length).to.be.lessThan(2_000);
  });

  it("the name, tells chains and gateways apart: journals of one are refused for another", () => {
    expect(connect().name).to.equal(connect().name);
    expect(connect(1n).name).not.to.equal(connect().name);
    expect(connect().name).to.include(gateway.address);
  });

  it("without an attestation relay, records nothing on passports", () => {
    expect(connect().attestations).to.equal(undefined);
  });
});
