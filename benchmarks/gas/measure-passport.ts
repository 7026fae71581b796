import { documentOf, NO_END, nameOf } from "../../test/support/contract-values.js";
import { issuePassport, productIdOf, type Suite } from "../../test/support/deploy-suite.js";
import { batchesOf } from "../../test/support/signed-batches.js";
import { accountOf, p256SignatoryOf, type Signatory, sign } from "../../test/support/signing.js";
import type { DigitalPassport } from "../../types/ethers-contracts/index.js";
import type { Measure, Row } from "./gas-meter.js";

const BATCH = 25;
const TECHNICIAN = 1n << 6n;
const MAINTAINED = nameOf("MAINTAINED");

/**
 * Measures every operation on a passport.
 *
 * @param suite - the deployed suite
 * @param options - how to `measure`
 * @returns a row for each operation
 */
export async function measurePassport(
  suite: Suite,
  { measure }: { readonly measure: Measure },
): Promise<readonly Row[]> {
  const { accounts, attestationRelay, manager, readingsAnchor } = suite;
  const { issuer, owner, buyer, technician, gateway: submitter } = accounts;
  let serial = 1_000;
  const nextDocument = (): string => documentOf(`document ${++serial}`);

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
    async () => {
      const document = nextDocument();
      const sequence = isAnyPosition ? 0n : (await passport.entryCount()) + 1n;
      const signed = await signedAttestation({ passport, signatory, document, sequence });
      return passport.connect(submitter).attestBySignature(...signed);
    };
  const fleet: DigitalPassport[] = [];
  while (fleet.length < 100) fleet.push(await issuePassport(suite, { productId: productIdOf(++serial) }));
  const relayMany = (count: number) => async () => {
    const signed = fleet.slice(0, count).map(async (motor) => {
      const next = { document: nextDocument(), sequence: (await motor.entryCount()) + 1n };
      const parts = { passport: motor, signatory: account, ...next };
      const [attestation, signer, signature] = await signedAttestation(parts);
      return { passport: motor, attestation, signer, signature };
    });
    return attestationRelay.connect(submitter).submitMany(await Promise.all(signed));
  };
  const offer = () => passport.connect(owner).offerOwnership(buyer, documentOf("sale"), NO_END);
  const accept = async () => passport.connect(buyer).acceptOwnership(documentOf("sale"), await passport.head());
  const grant = () => manager.grant(accountOf(`technician ${++serial}`).address, TECHNICIAN, 0, NO_END);
  const gateways = Array.from({ length: 10 }, (_, index) => accountOf(`gateway ${index}`));
  const { batchOf, signBatch } = batchesOf(suite);
  const anchor = (gateway: Signatory) => async () => {
    const { batch, signer, signature } = await signBatch(gateway, await batchOf(gateway.address));
    return readingsAnchor.connect(submitter).anchor(batch, signer, signature);
  };
  const anchorMany = async () => {
    const signed = gateways.map(async (gateway) => signBatch(gateway, await batchOf(gateway.address)));
    return readingsAnchor.connect(submitter).anchorMany(await Promise.all(signed));
  };
  for (const gateway of [...gateways, account, key]) await anchor(gateway)();

  return [
    await measure({ operation: "create", transactions: [issue] }),
    await measure({ operation: `create-batch-${BATCH}`, transactions: [issueMany], items: BATCH }),
    await measure({ operation: "append", transactions: [append] }),
    await measure({ operation: "append-signed", transactions: [appendSigned(account)] }),
    await measure({ operation: "append-any-position", transactions: [appendSigned(account, true)] }),
    await measure({ operation: "append-p256", transactions: [appendSigned(key)] }),
    await measure({ operation: "append-relay-10", transactions: [relayMany(10)], items: 10 }),
    await measure({ operation: "append-relay-100", transactions: [relayMany(100)], items: 100 }),
    await measure({ operation: "transfer", transactions: [offer, accept] }),
    await measure({ operation: "grant", transactions: [grant] }),
    await measure({ operation: "anchor-1000", transactions: [anchor(account)] }),
    await measure({ operation: "anchor-1000-p256", transactions: [anchor(key)] }),
    await measure({ operation: "anchor-1000-many-10", transactions: [anchorMany], items: 10 }),
  ];
}

async function signedAttestation({
  passport,
  signatory,
  document,
  sequence,
}: {
  readonly passport: DigitalPassport;
  readonly signatory: Signatory;
  readonly document: string;
  /** Zero: any position. */
  readonly sequence: bigint;
}) {
  const message = { eventType: MAINTAINED, document, attester: signatory.address, sequence, deadline: NO_END };
  return [message, signatory.signer, await sign(signatory, { passport, type: "Attestation", message })] as const;
}
