import { type Provider, randomBytes, type Signer } from "ethers";
import * as z from "zod";
import { type CreateBundleOptions, createBundle } from "../bundle/create-bundle.js";
import { createProvider } from "../chain/create-provider.js";
import { requireChain } from "../chain/require-chain.js";
import type { DocumentStore } from "../document/stores/document-store.js";
import { cancelOperation } from "../governance/cancel-operation.js";
import { checkProposal } from "../governance/check-proposal.js";
import { createProposal } from "../governance/create-proposal.js";
import { describeCall } from "../governance/describe-call.js";
import { executeOperation } from "../governance/execute-operation.js";
import { hasTimelockRole } from "../governance/has-timelock-role.js";
import { queueProposal } from "../governance/queue-proposal.js";
import { readOperations } from "../governance/read-operations.js";
import { readSafe } from "../governance/read-safe.js";
import { readTimelock } from "../governance/read-timelock.js";
import { scheduleOperation } from "../governance/schedule-operation.js";
import { signProposal } from "../governance/sign-proposal.js";
import { readMaintenanceAdvice } from "../maintenance/read-maintenance-advice.js";
import { acceptAdministratorTransfer } from "../passport/accept-administrator-transfer.js";
import { acceptOwnership } from "../passport/accept-ownership.js";
import { admitManager } from "../passport/admit-manager.js";
import { admitManufacturer } from "../passport/admit-manufacturer.js";
import { attest } from "../passport/attest.js";
import { beginAdministratorTransfer } from "../passport/begin-administrator-transfer.js";
import { cancelAdministratorTransfer } from "../passport/cancel-administrator-transfer.js";
import { cancelOffer } from "../passport/cancel-offer.js";
import { checkIssuances } from "../passport/check-issuances.js";
import type { WritingContext } from "../passport/context.js";
import { findPassport } from "../passport/find-passport.js";
import { grantAdministrativeRole } from "../passport/grant-administrative-role.js";
import { grantRoles } from "../passport/grant-roles.js";
import { hasAdministrativeRole } from "../passport/has-administrative-role.js";
import { isAttestationUsed } from "../passport/is-attestation-used.js";
import { isVerifierAccepted } from "../passport/is-verifier-accepted.js";
import { issuePassport } from "../passport/issue-passport.js";
import { issuePassports } from "../passport/issue-passports.js";
import { type IterateHistoryOptions, iterateHistory } from "../passport/iterate-history.js";
import { listFactory } from "../passport/list-factory.js";
import { lockPassport } from "../passport/lock-passport.js";
import { offerOwnership } from "../passport/offer-ownership.js";
import { pauseEventType } from "../passport/pause-event-type.js";
import { readAdministration } from "../passport/read-administration.js";
import { readAdmission } from "../passport/read-admission.js";
import { readGrant } from "../passport/read-grant.js";
import { readGrantableRoles } from "../passport/read-grantable-roles.js";
import { readHistory } from "../passport/read-history.js";
import { readIssuing } from "../passport/read-issuing.js";
import { readMaintenancePolicy } from "../passport/read-maintenance-policy.js";
import { readPassport } from "../passport/read-passport.js";
import { readRegistry } from "../passport/read-registry.js";
import { readRoles } from "../passport/read-roles.js";
import { readRules } from "../passport/read-rules.js";
import { releaseLock } from "../passport/release-lock.js";
import { reportCompromise } from "../passport/report-compromise.js";
import { resumeEventType } from "../passport/resume-event-type.js";
import { resumeIssuing } from "../passport/resume-issuing.js";
import { revokeAdministrativeRole } from "../passport/revoke-administrative-role.js";
import { revokeAttester } from "../passport/revoke-attester.js";
import { setFactory } from "../passport/set-factory.js";
import { setIssuingCap } from "../passport/set-issuing-cap.js";
import { setIssuingLimit } from "../passport/set-issuing-limit.js";
import { setMaintenancePolicy } from "../passport/set-maintenance-policy.js";
import { setOwnerGrantableRoles } from "../passport/set-owner-grantable-roles.js";
import { setRule } from "../passport/set-rule.js";
import { setVerifier } from "../passport/set-verifier.js";
import { settleSale } from "../passport/settle-sale.js";
import { signAcceptance } from "../passport/sign-acceptance.js";
import { type SignAttestationOptions, signAttestation } from "../passport/sign-attestation.js";
import { signCancellation } from "../passport/sign-cancellation.js";
import { signLock } from "../passport/sign-lock.js";
import { signOffer } from "../passport/sign-offer.js";
import { signSettlement } from "../passport/sign-settlement.js";
import { submitAcceptance } from "../passport/submit-acceptance.js";
import { submitAttestation } from "../passport/submit-attestation.js";
import { submitAttestations } from "../passport/submit-attestations.js";
import { submitCancellation } from "../passport/submit-cancellation.js";
import { submitLock } from "../passport/submit-lock.js";
import { submitOffer } from "../passport/submit-offer.js";
import { suspendIssuing } from "../passport/suspend-issuing.js";
import { type WatchPassportOptions, watchPassport } from "../passport/watch-passport.js";
import { computersClock } from "../primitives/computers-clock.js";
import { type Address, parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { Attester } from "../signing/attester.js";
import { type VerifyPassportOptions, verifyPassport } from "../verify/verify-passport.js";

/** Where the chain, the contracts and the documents are, and who acts. */
export interface PassportClientOptions {
  /** URL of an RPC endpoint, or an ethers provider, such as that of a browser's wallet. */
  readonly rpc: string | Provider;
  /**
   * URLs or providers of further nodes, of people who do not depend on each other: a verification believes only what
   * more than half of all nodes say alike, and names who says otherwise.
   */
  readonly witnesses?: readonly (string | Provider)[] | undefined;
  /** How many nodes must say the same in a verification; more than half of them if left out. */
  readonly requiredAgreement?: number | undefined;
  /** The chain that the endpoint must serve. */
  readonly chainId: bigint;
  /** Address of the registry that is relied on. */
  readonly registry: string;
  /** Address of the manufacturer's manager; issuing and administration need it. */
  readonly manager?: string | undefined;
  /** Address of the attestation relay; submitting many attestations in one transaction needs it. */
  readonly attestationRelay?: string | undefined;
  /** Address of the readings anchor; readings need it. */
  readonly readingsAnchor?: string | undefined;
  /** Where documents are; to record them, and to read and verify them. */
  readonly store?: DocumentStore | undefined;
  /** Who sends transactions and pays for them; without one, nothing is sent. */
  readonly signer?: Signer | undefined;
  /** Who signs for others to submit: `p256Attester`, or `accountAttester`; the signer's account if left out. */
  readonly attester?: Attester | undefined;
  /** Returns the present time in Unix seconds; the computer's clock if left out. */
  readonly clock?: (() => bigint) | undefined;
  /** Returns that many random bytes; the platform's secure source if left out. */
  readonly randomBytes?: ((length: number) => Uint8Array) | undefined;
}

const chainIdSchema = z.bigint().positive();

/**
 * Makes a client: every action with its context filled in. No request is made before the first action; that one makes
 * sure that the endpoint serves the right chain. Without a signer it reads, verifies and prepares.
 *
 * @param options - where the chain, the contracts and the documents are, and who acts
 * @returns the client
 * @throws PassportError `input.invalid`
 *
 * @example
 * ```ts
 * const client = createPassportClient({ rpc: "https://arb1.arbitrum.io/rpc", chainId: 42161n, registry, store });
 * const report = await client.verifyPassport({ passport: "https://id.weg.example/01/09521234543213/21/W22-000001" });
 * ```
 */
export function createPassportClient(options: PassportClientOptions) {
  const context = parseContext(options);
  const { chainId } = context;
  const verification = {
    ...context,
    witnesses: options.witnesses?.map((rpc) => providerOf(rpc, { chainId })),
    requiredAgreement: options.requiredAgreement,
  };
  const requireRightChain = createChainCheck(context);
  const bind =
    <Options, Answer>(action: (context: WritingContext, options: Options) => Promise<Answer>) =>
    async (options: Options): Promise<Answer> => {
      await requireRightChain();
      return await action(context, options);
    };
  return {
    /** What the actions work on, for actions of your own and for those of `@digital-product-passport/sdk/readings`. */
    context,

    findPassport: bind(findPassport),
    readPassport: bind(readPassport),
    readHistory: bind(readHistory),
    iterateHistory: async function* (iterated: IterateHistoryOptions) {
      await requireRightChain();
      yield* iterateHistory(context, iterated);
    },
    // Outlives outages, so it does not ask for the chain: another one could not show the passport's head.
    watchPassport: (watched: WatchPassportOptions) => watchPassport(context, watched),
    readGrant: bind(readGrant),
    readRules: bind(readRules),
    readMaintenancePolicy: bind(readMaintenancePolicy),
    readMaintenanceAdvice: bind(readMaintenanceAdvice),
    // A verification says itself that it could not reach the right chain.
    verifyPassport: (verified: VerifyPassportOptions) => verifyPassport(verification, verified),

    createBundle: (bundled: CreateBundleOptions) => createBundle(context, bundled),

    checkIssuances: bind(checkIssuances),
    issuePassport: bind(issuePassport),
    issuePassports: bind(issuePassports),

    attest: bind(attest),
    // Works without a connection, so it does not ask for the chain.
    signAttestation: (signed: SignAttestationOptions) => signAttestation(context, signed),
    submitAttestation: bind(submitAttestation),
    submitAttestations: bind(submitAttestations),

    offerOwnership: bind(offerOwnership),
    signOffer: bind(signOffer),
    submitOffer: bind(submitOffer),
    cancelOffer: bind(cancelOffer),
    signCancellation: bind(signCancellation),
    submitCancellation: bind(submitCancellation),
    acceptOwnership: bind(acceptOwnership),
    signAcceptance: bind(signAcceptance),
    submitAcceptance: bind(submitAcceptance),

    lockPassport: bind(lockPassport),
    signLock: bind(signLock),
    submitLock: bind(submitLock),
    releaseLock: bind(releaseLock),
    signSettlement: bind(signSettlement),
    settleSale: bind(settleSale),

    grantRoles: bind(grantRoles),
    revokeAttester: bind(revokeAttester),
    reportCompromise: bind(reportCompromise),
    setIssuingLimit: bind(setIssuingLimit),
    pauseEventType: bind(pauseEventType),
    resumeEventType: bind(resumeEventType),

    setRule: bind(setRule),
    setVerifier: bind(setVerifier),
    setFactory: bind(setFactory),
    setIssuingCap: bind(setIssuingCap),
    setOwnerGrantableRoles: bind(setOwnerGrantableRoles),
    setMaintenancePolicy: bind(setMaintenancePolicy),
    readIssuing: bind(readIssuing),
    readRoles: bind(readRoles),
    readGrantableRoles: async () => {
      await requireRightChain();
      return await readGrantableRoles(context);
    },
    isVerifierAccepted: bind(isVerifierAccepted),
    readAdmission: bind(readAdmission),
    readRegistry: async () => {
      await requireRightChain();
      return await readRegistry(context);
    },
    readAdministration: bind(readAdministration),
    hasAdministrativeRole: bind(hasAdministrativeRole),
    isAttestationUsed: bind(isAttestationUsed),
    admitManufacturer: bind(admitManufacturer),
    admitManager: bind(admitManager),
    listFactory: bind(listFactory),
    suspendIssuing: bind(suspendIssuing),
    resumeIssuing: bind(resumeIssuing),
    grantAdministrativeRole: bind(grantAdministrativeRole),
    revokeAdministrativeRole: bind(revokeAdministrativeRole),
    beginAdministratorTransfer: bind(beginAdministratorTransfer),
    acceptAdministratorTransfer: bind(acceptAdministratorTransfer),
    cancelAdministratorTransfer: bind(cancelAdministratorTransfer),

    readTimelock: bind(readTimelock),
    hasTimelockRole: bind(hasTimelockRole),
    readOperations: bind(readOperations),
    scheduleOperation: bind(scheduleOperation),
    executeOperation: bind(executeOperation),
    cancelOperation: bind(cancelOperation),
    describeCall: bind(describeCall),
    readSafe: bind(readSafe),
    createProposal: bind(createProposal),
    checkProposal: bind(checkProposal),
    signProposal: bind(signProposal),
    queueProposal: bind(queueProposal),
  };
}

/** All actions, bound to one chain, one registry and one who acts. Each is documented where it is defined. */
export type PassportClient = Readonly<ReturnType<typeof createPassportClient>>;

function parseContext(options: PassportClientOptions): WritingContext {
  const { rpc, store, signer, attester, clock, randomBytes: random } = options;
  const chainId = parseInput(chainIdSchema, options.chainId, { field: "chainId" });
  const provider = providerOf(rpc, { chainId });
  return {
    provider,
    chainId,
    registry: parseAddress(options.registry, { field: "registry" }),
    manager: parseOptionalAddress(options.manager, { field: "manager" }),
    attestationRelay: parseOptionalAddress(options.attestationRelay, { field: "attestationRelay" }),
    readingsAnchor: parseOptionalAddress(options.readingsAnchor, { field: "readingsAnchor" }),
    store,
    // A wallet of ethers has no provider of its own; a browser's wallet has, and sends through it.
    signer: signer?.provider === null ? signer.connect(provider) : signer,
    attester,
    clock: clock ?? computersClock,
    randomBytes: random ?? randomBytes,
  };
}

function providerOf(rpc: string | Provider, options: { readonly chainId: bigint }): Provider {
  return typeof rpc === "string" ? createProvider(rpc, options) : rpc;
}

function parseOptionalAddress(value: string | undefined, options: { readonly field: string }): Address | undefined {
  return value === undefined ? undefined : parseAddress(value, options);
}

/** Asks once; after a failure again, for the endpoint may be back. */
function createChainCheck({ provider, chainId }: WritingContext): () => Promise<void> {
  let rightChain: Promise<void> | undefined;
  return () => {
    rightChain ??= requireChain(provider, { chainId }).catch((error: unknown) => {
      rightChain = undefined;
      throw error;
    });
    return rightChain;
  };
}
