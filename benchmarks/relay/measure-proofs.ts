import { accountAttester, parseAddress, parseBytes27 } from "@digital-product-passport/sdk";
import {
  createBatch,
  parseReading,
  type ReadingProof,
  signBatch,
  verifyReading,
} from "@digital-product-passport/sdk/readings";
import { Wallet, ZeroAddress } from "ethers";

const READINGS = 1_000;

/**
 * Proves each reading of a batch of 1,000, tree included, and verifies the proofs without a network: inclusion and the
 * gateway's signature.
 *
 * @returns proofs a second
 */
export async function measureProofs(): Promise<{ readonly madePerSecond: number; readonly verifiedPerSecond: number }> {
  const gateway = await accountAttester(Wallet.createRandom());
  const readings = Array.from({ length: READINGS }, (_, index) =>
    parseReading({
      sensor: "sensor-1",
      sequence: index + 1,
      product: "https://id.weg.example/01/09521122000019/21/W22-2600037",
      quantity: "winding-temperature",
      unit: "Cel",
      value: (60 + (index % 400) / 10).toFixed(1),
      time: "2026-11-27T15:55:46Z",
    }),
  );
  const place = {
    chainId: 31_337n,
    readingsAnchor: parseAddress(ZeroAddress),
    gateway: gateway.address,
    sequence: 1n,
    previousHead: parseBytes27(`0x${"11".repeat(27)}`),
  };
  const started = performance.now();
  const created = await createBatch(readings, place);
  const signed = await signBatch(gateway, { created });
  const proofs = readings.map((reading, index): ReadingProof => {
    const { chainId, readingsAnchor, message: batch, signer, signature } = signed;
    const proof = [...created.proofOf(index)];
    return {
      schema: "digital-product-passport/reading-proof/1",
      chainId,
      readingsAnchor,
      reading,
      proof,
      batch,
      signer,
      signature,
    };
  });
  const made = performance.now();
  for (const proof of proofs) {
    const { verdicts } = await verifyReading(proof);
    if (verdicts.reading.status !== "valid" || verdicts.signature.status !== "valid")
      throw new Error("a proof is wrong");
  }
  const verified = performance.now();
  const perSecond = (milliseconds: number): number => Math.round(READINGS / (milliseconds / 1_000));
  return { madePerSecond: perSecond(made - started), verifiedPerSecond: perSecond(verified - made) };
}
