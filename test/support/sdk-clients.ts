import type { Provider, Signer } from "ethers";
import {
  createMemoryStore,
  createPassportClient,
  type DocumentInput,
  type FullDocumentStore,
  type PassportClient,
  type PassportClientOptions,
  PassportError,
} from "../../sdk/src/index.js";
import { productIdOf, type Suite } from "./deploy-suite.js";

/** What a MANUFACTURED document of the tests says. */
export const SAMPLE_MOTOR: DocumentInput<"MANUFACTURED"> = {
  data: {
    product: {
      name: "W22 IE4 75 kW",
      model: "W22-280SM-4",
      manufacturer: { name: "WEG" },
      country: "BR",
      manufacturedAt: "2026-11-01",
    },
    materials: [],
    plant: { name: "Jaraguá do Sul" },
  },
};

/** What a MAINTAINED document of the tests says. */
export const SAMPLE_MAINTENANCE: DocumentInput<"MAINTAINED"> = {
  data: { kind: "lubrication", description: "Regreased both bearings" },
};

/** The SDK on a deployed suite, with one document store. */
export interface SdkOnSuite {
  readonly suite: Suite;
  readonly store: FullDocumentStore;
  /** A client of somebody; without a signer, it only reads and prepares. */
  readonly clientOf: (signer?: Signer, options?: Partial<PassportClientOptions>) => PassportClient;
  /** Issues the passport of the next motor to the account `owner`. */
  readonly issueMotor: () => Promise<{ readonly passport: string; readonly productId: string }>;
}

let issuedMotors = 700_000;

/**
 * Puts the SDK on a deployed suite.
 *
 * @param suite - the deployed suite
 * @param options - `rpc`: how clients reach the chain; in-process if left out
 * @returns clients for everybody
 */
export async function sdkOn(suite: Suite, options: { readonly rpc?: string | Provider } = {}): Promise<SdkOnSuite> {
  const { ethers, networkHelpers } = suite.connection;
  const store = createMemoryStore();
  const [registry, manager, attestationRelay] = await Promise.all([
    suite.registry.getAddress(),
    suite.manager.getAddress(),
    suite.attestationRelay.getAddress(),
  ]);
  const now = BigInt(await networkHelpers.time.latest());

  const clientOf: SdkOnSuite["clientOf"] = (signer, more = {}) =>
    createPassportClient({
      rpc: options.rpc ?? ethers.provider,
      chainId: 31_337n,
      registry,
      manager,
      attestationRelay,
      store,
      signer,
      clock: () => now,
      ...more,
    });

  const issueMotor: SdkOnSuite["issueMotor"] = async () => {
    const productId = productIdOf(++issuedMotors);
    const owner = suite.accounts.owner.address;
    const prepared = await clientOf(suite.accounts.issuer).issuePassport({ productId, owner, document: SAMPLE_MOTOR });
    return (await prepared.send()).result;
  };
  return { suite, store, clientOf, issueMotor };
}

/**
 * The error that something is refused with.
 *
 * @param task - what must fail
 * @returns the `PassportError`; anything else is thrown
 */
export async function refusalOf(task: Promise<unknown>): Promise<PassportError> {
  try {
    await task;
  } catch (error) {
    if (error instanceof PassportError) return error;
    throw error;
  }
  throw new Error("it was not refused");
}
