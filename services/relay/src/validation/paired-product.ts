import type { Hex } from "@digital-product-passport/sdk";

/** A sensor as the pairing lists it. */
export interface ListedSensor {
  readonly id: string;
  readonly quantity: string;
  readonly unit: string;
  /** Of a sensor that signs: `x | y` on P-256. */
  readonly publicKey?: Hex | undefined;
}

/** A product that is paired with this relay's gateway. */
export interface PairedProduct {
  readonly productId: string;
  /** Address of its passport. */
  readonly passport: string;
  readonly sensors: readonly ListedSensor[];
}
