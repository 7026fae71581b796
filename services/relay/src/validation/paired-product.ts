import type { Hex } from "@digital-product-passport/sdk";

/** A sensor as the pairing lists it. */
export interface ListedSensor {
  readonly id: string;
  readonly quantity: string;
  readonly unit: string;
  /** Of a sensor that signs: `x | y` on P-256. */
  readonly publicKey?: Hex | undefined;
}

/** Why the readings of a gateway whose pairing stands do not count all the same. */
export interface LostTrust {
  readonly code: "gateway-revoked" | "gateway-compromised";
  /** In words. */
  readonly since: string;
}

/** A product that is paired with this relay's gateway. */
export interface PairedProduct {
  readonly productId: string;
  /** Address of its passport. */
  readonly passport: string;
  readonly sensors: readonly ListedSensor[];
  /** Left out if the manufacturer trusts the gateway. */
  readonly lostTrust?: LostTrust | undefined;
}
