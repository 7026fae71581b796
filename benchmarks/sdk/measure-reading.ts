import { verifyBundle } from "@digital-product-passport/sdk";
import { productIdOf } from "../../test/support/deploy-suite.js";
import { SAMPLE_MAINTENANCE, SAMPLE_MOTOR } from "../../test/support/sdk-clients.js";
import { alternate } from "./alternate.js";
import type { BenchSuite } from "./bench-suite.js";

/** Entries of the passport that is read: issued, and serviced some times. */
const SERVICES = 9;
const SERIAL = 900_000;

/** How many of each are done in a second. */
export interface ReadingFigures {
  readonly perSecond: { readonly read: number; readonly verify: number };
  readonly bundle: { readonly verifiedPerSecond: number; readonly bytes: number };
}

/**
 * Measures reading and verifying a passport of ten entries from one node, and verifying its bundle without any.
 *
 * @param suite - the chain
 * @param options - `rounds`
 * @returns items per second
 */
export async function measureReading(
  suite: BenchSuite,
  { rounds }: { readonly rounds: number },
): Promise<ReadingFigures> {
  const { issuer, owner, technician } = suite.participants;
  const item = { productId: productIdOf(SERIAL), owner: owner.address, document: SAMPLE_MOTOR };
  const { passport } = (await (await suite.clientOf(issuer).issuePassport(item)).send()).result;
  const attesting = suite.clientOf(technician);
  const service = { passport, eventType: "MAINTAINED", document: SAMPLE_MAINTENANCE } as const;
  for (let count = 0; count < SERVICES; count++) await (await attesting.attest(service)).send();

  const anybody = suite.clientOf();
  const { bytes, blockHash, report } = await anybody.createBundle({ passport });
  const trust = { chainId: suite.network.chainId, registry: suite.addressBook.contracts.registry.address, blockHash };
  requireValid(report);
  const sides = {
    read: () => times(10, () => anybody.readPassport({ passport })),
    verify: () => times(5, async () => requireValid(await anybody.verifyPassport({ passport }))),
    bundle: () => times(10, async () => requireValid(await verifyBundle(bytes, trust))),
  };
  const { bundle, ...perSecond } = await alternate(sides, { rounds });
  return { perSecond, bundle: { verifiedPerSecond: bundle, bytes: bytes.length } };
}

async function times(count: number, task: () => Promise<unknown>): Promise<number> {
  for (let done = 0; done < count; done++) await task();
  return count;
}

/** What is not verified to the end would be fast. */
function requireValid({ status }: { readonly status: string }): void {
  if (status !== "valid") throw new Error(`The passport was to be valid, and is ${status}`);
}
