/**
 * A process that fills the journal of a relay, through a relay whose chain does not answer, so that nothing of it is
 * anchored: `fill-journal.ts '{ options as JSON }'`.
 */
import { argv, stdout } from "node:process";
import { connectChain, createRelay } from "@digital-product-passport/relay";
import {
  accountAttester,
  createPassportClient,
  createProvider,
  PassportError,
  parseAddress,
} from "@digital-product-passport/sdk";
import { createDiskStore } from "@digital-product-passport/sdk/node";
import { Wallet } from "ethers";
import { pino } from "pino";

/** What the process works on; its only argument, as JSON. */
export interface FillJournalOptions {
  readonly rpc: string;
  readonly registry: string;
  readonly readingsAnchor: string;
  readonly gatewayKey: string;
  readonly documents: string;
  /** Of the relay. */
  readonly folder: string;
  readonly product: string;
  readonly count: number;
  readonly sensors: number;
}

const PER_DELIVERY = 2_000;

// Safety: the benchmark that starts this process writes it.
const options = JSON.parse(argv[2] ?? "") as FillJournalOptions;
const { rpc, registry, folder, product, count, sensors } = options;
const provider = createProvider(rpc, { chainId: 31_337n });
const store = createDiskStore(options.documents);
const { context } = createPassportClient({ rpc: provider, chainId: 31_337n, registry, store });
const readingsAnchor = parseAddress(options.readingsAnchor);
const gateway = await accountAttester(new Wallet(options.gatewayKey));
const silent = (): Promise<never> =>
  Promise.reject(new PassportError("chain.unreachable", { endpoint: rpc, problem: "it is kept from answering" }));
const relay = await createRelay({
  chain: {
    ...connectChain({ context: { ...context, store, readingsAnchor }, gateway, deadlineSeconds: 3_600 }),
    readPosition: silent,
  },
  payers: { batches: [Wallet.createRandom(provider)] },
  folder,
  products: [product],
  receivers: {},
  clockSkew: { pastSeconds: 86_400, futureSeconds: 300 },
  journal: {},
  deadLetterBytes: 1_000_000,
  batches: { maximumReadings: 1_000, maximumSeries: 400, maximumSeconds: 1, alarmSeconds: 1 },
  attestations: { alarms: [], readingsAnchor, gateway: gateway.address },
  pairingRefreshSeconds: 3_600,
  confirmMilliseconds: 1_000,
  shutdownMilliseconds: 1,
  restartMilliseconds: 3_600_000,
  log: pino({ level: "silent" }),
});
const sender = { name: "plant", products: [product] };
const encoder = new TextEncoder();
for (let sent = 0; sent < count; sent += PER_DELIVERY) {
  const items = Array.from({ length: Math.min(PER_DELIVERY, count - sent) }, (_, index) => {
    const position = sent + index;
    const reading = {
      sensor: `sensor-${position % sensors}`,
      sequence: 1_000_000 + Math.floor(position / sensors),
      product,
      quantity: "winding-temperature",
      unit: "Cel",
      value: (60 + (position % 400) / 10).toFixed(1),
      time: new Date().toISOString(),
    };
    return encoder.encode(JSON.stringify(reading));
  });
  const [outcomes = []] = await relay.takeIn([{ transport: "http", sender, source: "benchmark", items }]);
  const refused = outcomes.find(({ status }) => status !== "accepted");
  if (refused !== undefined) throw new Error(JSON.stringify(refused));
}
stdout.write("filled\n");
process.exit(0);
