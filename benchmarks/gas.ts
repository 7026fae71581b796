/**
 * Gas of every operation on a passport, from receipts, in a steady state: all slots that an operation only changes were
 * filled before. The figures are exact, so they are committed, and `--check` compares them.
 */
import { brotliCompressSync, constants } from "node:zlib";
import Table from "cli-table3";
import { Command } from "commander";
import { type ContractTransactionResponse, getBytes, Transaction } from "ethers";
import { network } from "hardhat";
import { keepCommitted } from "../scripts/lib/keep-committed.js";
import { newSlotsOf } from "../test/contracts/behaviours/new-slots.js";
import { documentOf, NO_END, nameOf } from "../test/support/contract-values.js";
import { deploySuite, issuePassport, productIdOf, type Suite } from "../test/support/deploy-suite.js";
import { accountOf, p256SignatoryOf, type Signatory, sign } from "../test/support/signing.js";
import type { DigitalPassport } from "../types/ethers-contracts/index.js";

/** What one operation costs. `gas` and `newSlots` of a batch are per item, bytes are of the whole transaction. */
interface Row {
  readonly system: "passport";
  readonly operation: string;
  readonly gas: number;
  readonly calldataBytes: number;
  /** Signed transaction under brotli level 1, window 22: what Arbitrum counts for its L1 share. */
  readonly compressedBytes: number;
  readonly newSlots: number;
}

const BATCH = 25;
const START = "2026-01-01T00:00:00Z";
const TECHNICIAN = 1n << 6n;
const MAINTAINED = nameOf("MAINTAINED");

const command = new Command("bench:gas")
  .description("Measures the gas of every operation on a passport.")
  .option("--json", "print the rows as JSON")
  .option("--check", "compare with benchmarks/results/gas.json and write nothing")
  .addHelpText("after", "\nExample:\n  npm run bench:gas -- --json")
  .parse();
const options = command.opts<{ json?: true; check?: true }>();

let serial = 1_000;
let seconds = Date.parse(START) / 1_000 + 3_600;

const rows = await measure();
const problem = await keepCommitted([{ path: "results/gas.json", text: serialise() }], {
  folder: import.meta.dirname,
  check: options.check === true,
  command: "npm run bench:gas",
});
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
if (options.json) process.stdout.write(serialise());
else process.stdout.write(`${tableOf(rows)}\n`);

async function measure(): Promise<readonly Row[]> {
  // Heads depend on block times, and compressed bytes on heads: the clock stands still.
  const connection = await network.create({ override: { initialDate: new Date(START) } });
  const suite = await deploySuite(connection);
  const { accounts, attestationRelay, manager } = suite;
  const { issuer, owner, buyer, technician, gateway: submitter } = accounts;
  const passport = await issuePassport(suite);
  const account = accountOf("technician");
  const key = await p256SignatoryOf(suite, "technician");
  await manager.grant(account.address, TECHNICIAN, 0, NO_END);
  await manager.grantKey(key.signer, TECHNICIAN, 0, NO_END);

  const nextIssuance = () => {
    const productId = productIdOf(++serial);
    return { productId, owner: owner.address, document: documentOf(productId) };
  };
  const issue = () => {
    const { productId, document } = nextIssuance();
    return manager.connect(issuer).issue(productId, owner, document);
  };
  const issueMany = () => manager.connect(issuer).issueMany(Array.from({ length: BATCH }, nextIssuance));
  const append = () => passport.connect(technician).attest(MAINTAINED, nextDocument());
  const appendSigned =
    (signatory: Signatory, isAnyPosition = false) =>
    async () =>
      passport
        .connect(submitter)
        .attestBySignature(...(await signedAttestation({ passport, signatory, isAnyPosition })));
  const fleet: DigitalPassport[] = [];
  while (fleet.length < 100) fleet.push(await issuePassport(suite, { productId: productIdOf(++serial) }));
  const relayMany = (count: number) => async () => {
    const signed = fleet.slice(0, count).map(async (motor) => {
      const [attestation, signer, signature] = await signedAttestation({ passport: motor, signatory: account });
      return { passport: motor, attestation, signer, signature };
    });
    return attestationRelay.connect(submitter).submitMany(await Promise.all(signed));
  };
  const offer = () => passport.connect(owner).offerOwnership(buyer, documentOf("sale"), NO_END);
  const accept = async () => passport.connect(buyer).acceptOwnership(documentOf("sale"), await passport.head());
  const grant = () => manager.grant(accountOf(`technician ${++serial}`).address, TECHNICIAN, 0, NO_END);

  return [
    await rowOf(suite, { operation: "create", transactions: [issue] }),
    await rowOf(suite, { operation: `create-batch-${BATCH}`, transactions: [issueMany], items: BATCH }),
    await rowOf(suite, { operation: "append", transactions: [append] }),
    await rowOf(suite, { operation: "append-signed", transactions: [appendSigned(account)] }),
    await rowOf(suite, { operation: "append-any-position", transactions: [appendSigned(account, true)] }),
    await rowOf(suite, { operation: "append-p256", transactions: [appendSigned(key)] }),
    await rowOf(suite, { operation: "append-relay-10", transactions: [relayMany(10)], items: 10 }),
    await rowOf(suite, { operation: "append-relay-100", transactions: [relayMany(100)], items: 100 }),
    await rowOf(suite, { operation: "transfer", transactions: [offer, accept] }),
    await rowOf(suite, { operation: "grant", transactions: [grant] }),
  ];
}

/** Runs the transactions of an operation and adds up what they cost. */
async function rowOf(
  { connection }: Suite,
  {
    operation,
    transactions,
    items = 1,
  }: {
    readonly operation: string;
    readonly transactions: readonly (() => Promise<ContractTransactionResponse>)[];
    readonly items?: number;
  },
): Promise<Row> {
  const costs: Pick<Row, "gas" | "calldataBytes" | "compressedBytes" | "newSlots">[] = [];
  for (const transact of transactions) {
    await connection.networkHelpers.time.setNextBlockTimestamp(++seconds);
    const transaction = await transact();
    const receipt = await transaction.wait();
    if (receipt === null) throw new Error(`${operation}: the transaction was not recorded`);
    const raw = getBytes(Transaction.from(transaction).serialized);
    costs.push({
      gas: Number(receipt.gasUsed),
      calldataBytes: getBytes(transaction.data).length,
      compressedBytes: compressedLength(raw),
      newSlots: (await newSlotsOf(connection, transaction)).length,
    });
  }
  const sumOf = (field: keyof (typeof costs)[number]) => costs.reduce((sum, cost) => sum + cost[field], 0);
  return {
    system: "passport",
    operation,
    gas: Math.ceil(sumOf("gas") / items),
    calldataBytes: sumOf("calldataBytes"),
    compressedBytes: sumOf("compressedBytes"),
    newSlots: sumOf("newSlots") / items,
  };
}

function compressedLength(bytes: Uint8Array): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 1, [constants.BROTLI_PARAM_LGWIN]: 22 };
  return brotliCompressSync(bytes, { params }).length;
}

async function signedAttestation({
  passport,
  signatory,
  isAnyPosition = false,
}: {
  readonly passport: DigitalPassport;
  readonly signatory: Signatory;
  readonly isAnyPosition?: boolean;
}) {
  const message = {
    eventType: MAINTAINED,
    document: nextDocument(),
    attester: signatory.address,
    sequence: isAnyPosition ? 0n : (await passport.entryCount()) + 1n,
    deadline: NO_END,
  };
  return [message, signatory.signer, await sign(signatory, { passport, type: "Attestation", message })] as const;
}

function serialise(): string {
  return `${JSON.stringify({ rows }, null, 2)}\n`;
}

function tableOf(measured: readonly Row[]): string {
  const table = new Table({
    head: ["operation", "gas", "calldata bytes", "compressed bytes", "new slots"],
    colAligns: ["left", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { operation, gas, calldataBytes, compressedBytes, newSlots } of measured) {
    table.push([operation, gas.toLocaleString("en"), calldataBytes, compressedBytes, newSlots]);
  }
  return table.toString();
}

function nextDocument(): string {
  return documentOf(`document ${++serial}`);
}
