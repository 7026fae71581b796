import { id } from "ethers";
import { documentOf } from "./contract-values.js";
import type { Suite } from "./deploy-suite.js";
import { anchorDomainOf, type Domain, digestOf, type Messages, type Signatory } from "./signing.js";

type Batch = Messages["Batch"];

/** A batch with its signature, as `anchorMany` takes it. */
export interface SignedBatch {
  readonly batch: Batch;
  readonly signer: string;
  readonly signature: string;
}

/**
 * Makes batches and signs them.
 *
 * @param suite - the suite
 * @returns `batchOf`: a gateway's next batch, `overrides` make it another; `signBatch`: signs it for the suite's anchor
 */
export function batchesOf({ readingsAnchor }: Pick<Suite, "readingsAnchor">) {
  const batchOf = async (gateway: string, overrides: Partial<Batch> = {}): Promise<Batch> => {
    const { sequence, head } = await readingsAnchor.chainOf(gateway);
    return {
      gateway,
      sequence: sequence + 1n,
      previousHead: head,
      root: id(`root ${sequence + 1n}`),
      count: 1_000n,
      from: 1_795_349_280n,
      to: 1_795_349_879n,
      document: documentOf(`batch ${sequence + 1n}`),
      ...overrides,
    };
  };
  const signBatch = async (signatory: Signatory, batch: Batch, domain: Partial<Domain> = {}): Promise<SignedBatch> => {
    const digest = digestOf({ ...(await anchorDomainOf(readingsAnchor)), ...domain }, "Batch", batch);
    return { batch, signer: signatory.signer, signature: signatory.signDigest(digest) };
  };
  return { batchOf, signBatch };
}
