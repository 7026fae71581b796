/**
 * A process that is killed: submits signed attestations from a file, or issues passports, with a journal. It says on
 * its standard output what it has promised; everything else has to be found on the chain.
 */
import { createReadStream } from "node:fs";
import { argv, stdout } from "node:process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import {
  attestationKind,
  createPassportClient,
  createProvider,
  createSubmitter,
  issueMany,
  parseSignedAttestation,
  typedDataOfSigned,
} from "@digital-product-passport/sdk";
import { createDiskStore, createFileJournal } from "@digital-product-passport/sdk/node";
import { Wallet } from "ethers";

/** What the process works on; its only argument, as JSON. */
export interface SubmitterProcessOptions {
  readonly work: "attest" | "issue";
  readonly rpc: string;
  readonly registry: string;
  readonly manager: string;
  readonly attestationRelay: string;
  readonly keys: readonly [string, ...string[]];
  readonly journal: string;
  readonly documents: string;
  /** Lines of JSON: signed attestations, or passports to issue. */
  readonly items: string;
  /** How many lines have been accepted before. */
  readonly accepted: number;
  /** Time between two lines, in milliseconds. */
  readonly pace: number;
}

// Safety: the test that starts this process writes it.
const options = JSON.parse(argv[2] ?? "") as SubmitterProcessOptions;
const chainId = 31_337n;
const say = (word: string): void => void stdout.write(`${word}\n`);

const provider = createProvider(options.rpc, { chainId, timeoutMilliseconds: 5_000 });
const [first, ...others] = options.keys;
const signers = [new Wallet(first, provider), ...others.map((key) => new Wallet(key, provider))] as const;
const { context } = createPassportClient({
  rpc: provider,
  chainId,
  registry: options.registry,
  manager: options.manager,
  attestationRelay: options.attestationRelay,
  store: createDiskStore(options.documents),
  signer: signers[0],
});
const journal = await createFileJournal(options.journal);
say("started");
if (options.work === "attest") await attest();
else await issue();
await journal.close();
provider.destroy();

async function attest(): Promise<void> {
  const submitter = await createSubmitter(context, {
    kind: attestationKind(context),
    journal,
    signers: [signers[0], ...signers.slice(1)],
    confirmMilliseconds: 100,
    settlingMilliseconds: 100,
    onReceipt: (receipt) => {
      if (receipt.status === "refused") say(`refused ${receipt.id} ${receipt.error.code}`);
    },
  });
  let position = 0;
  for await (const line of readItems()) {
    position += 1;
    if (position <= options.accepted) continue;
    const payload = parseSignedAttestation(line);
    await submitter.submit({ id: typedDataOfSigned(payload).digest, orderedBy: payload.passport, payload });
    say("accepted");
    await setTimeout(options.pace);
  }
  await submitter.flush("finalized");
  await submitter.close();
  say("done");
}

async function issue(): Promise<void> {
  await issueMany(context, {
    // Safety: the test that starts this process writes them.
    items: readItems() as AsyncIterable<never>,
    journal,
    signers: [signers[0], ...signers.slice(1)],
    confirmMilliseconds: 100,
    settlingMilliseconds: 100,
    level: "finalized",
    onProgress: ({ productId, status }) => say(`${status} ${productId}`),
  });
  say("done");
}

async function* readItems(): AsyncGenerator<unknown> {
  for await (const line of createInterface({ input: createReadStream(options.items) })) {
    yield JSON.parse(line);
    if (options.work === "issue") await setTimeout(options.pace);
  }
}
