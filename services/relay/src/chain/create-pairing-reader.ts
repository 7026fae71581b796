import {
  type Address,
  type Bytes32,
  DigitalPassport__factory,
  type DocumentStore,
  PassportError,
  parseCloneCode,
  readGrant,
  timestampOf,
  type WritingContext,
  withChainErrors,
} from "@digital-product-passport/sdk";
import { type GatewayStanding, readPairings, type VerifiedPairings } from "@digital-product-passport/sdk/readings";
import type { Pairing, RelayChain } from "./relay-chain.js";

/** Chain, store and contract that pairings are read from. */
type PairingContext = WritingContext & { readonly store: DocumentStore; readonly readingsAnchor: Address };

/** A verified passport, and what would be different if its pairing was. */
interface Verified {
  readonly pairing: Pairing | undefined;
  readonly passport: Address;
  readonly manager: Address;
  /** Commits to all of its entries. */
  readonly head: Bytes32;
  /** Of the gateway; undefined if no pairing names it. */
  readonly standing: GatewayStanding | undefined;
  /** Milliseconds of the reader's clock. */
  readonly at: number;
}

/**
 * How long a passport without new entries is not verified anew, in milliseconds. Whether those who recorded them are still
 * trusted is heard of that much later; a verifier of the readings asks for himself.
 */
const VERIFIED_MILLISECONDS = 3_600_000;

/**
 * Makes what reads a product's pairing with a gateway. A verification takes some sixty requests; a passport that was
 * verified within the hour is asked for its head, and its manager for the gateway, and both tell of any change.
 *
 * @param context - chain, store, contract
 * @param options - `gateway`: whose pairings; `now`: monotonic, in milliseconds
 * @returns the reader
 */
export function createPairingReader(
  context: PairingContext,
  options: { readonly gateway: Address; readonly now?: (() => number) | undefined },
): RelayChain["readPairing"] {
  const { gateway, now = () => performance.now() } = options;
  const known = new Map<string, Verified>();
  return async (productId) => {
    const before = known.get(productId);
    const isRecent = before !== undefined && now() - before.at < VERIFIED_MILLISECONDS;
    if (isRecent && (await isUnchanged(context, { before, gateway }))) return before.pairing;
    const at = now();
    const verified = await verifyPairing(context, { productId, gateway });
    if (verified === undefined) known.delete(productId);
    else known.set(productId, { ...verified, at });
    return verified?.pairing;
  };
}

async function isUnchanged(
  { provider }: PairingContext,
  { before, gateway }: { readonly before: Verified; readonly gateway: Address },
): Promise<boolean> {
  const { passport, manager, standing } = before;
  const [head, present] = await Promise.all([
    withChainErrors(provider, () => DigitalPassport__factory.connect(passport, provider).head()),
    standing === undefined ? undefined : readGrant({ provider }, { manager, attester: gateway }),
  ]);
  return (
    head === before.head &&
    present?.revokedAt === standing?.revokedAt &&
    present?.compromisedSince === standing?.compromisedSince
  );
}

/** What is known only in part is not known: what was found out before counts until then. */
async function verifyPairing(
  context: PairingContext,
  { productId, gateway }: { readonly productId: string; readonly gateway: Address },
): Promise<Omit<Verified, "at"> | undefined> {
  const verified = await readPairings(context, { passport: productId });
  const { registration } = verified.report.verdicts;
  // It may be issued and paired later; the other products need not wait for it.
  if (registration.code === "registration.not-issued") return undefined;
  const { passport, code, state } = requireVerified(verified, productId);
  const manager = parseCloneCode(code)?.manager;
  if (manager === undefined || state.status === "missing") {
    throw new PassportError("relay.pairings-unknown", { productId, problem: registration.reason });
  }
  const standing = verified.standings.get(gateway);
  if (standing?.status === "missing") {
    throw new PassportError("relay.pairings-unknown", { productId, problem: standing.problem });
  }
  const open = verified.pairings.find(
    (pairing) =>
      pairing.gateway === gateway && pairing.readingsAnchor === context.readingsAnchor && pairing.end === undefined,
  );
  const lostTrust = standing && lostTrustOf(standing.value);
  return {
    pairing: open && { productId, passport, sensors: open.sensors, lostTrust },
    passport,
    manager,
    head: state.value.head,
    standing: standing?.value,
  };
}

function requireVerified({ status, findings, report }: VerifiedPairings, productId: string) {
  const { registration, history, documents } = report.verdicts;
  if (status !== "valid" || report.evidence === undefined) {
    const problem = [registration, history].map((verdict) => verdict.reason).join(" ");
    throw new PassportError("relay.pairings-unknown", { productId, problem });
  }
  // A document that no store serves at the moment may be the pairing, or its end.
  const unread = findings.find(({ code }) => code === "pairing.unread");
  const opened = documents.details.documents ?? [];
  if (opened.some((each) => each.status === "unknown" && unread?.sequences?.includes(each.entry.sequence))) {
    throw new PassportError("relay.pairings-unknown", { productId, problem: unread?.reason ?? "" });
  }
  return report.evidence;
}

function lostTrustOf({ revokedAt, compromisedSince }: GatewayStanding): Pairing["lostTrust"] {
  // Who reports a key as stolen revokes it, too.
  if (compromisedSince !== undefined) return { code: "gateway-compromised", since: timestampOf(compromisedSince) };
  return revokedAt === undefined ? undefined : { code: "gateway-revoked", since: timestampOf(revokedAt) };
}
