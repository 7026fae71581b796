export { type CreateBundleOptions, type CreatedBundle, createBundle } from "./bundle/create-bundle.js";
export { type VerifyBundleOptions, verifyBundle } from "./bundle/verify-bundle.js";
export {
  type AddressBook,
  type DeployedContract,
  formatAddressBook,
  parseAddressBook,
} from "./chain/address-book.js";
export { type BlockHeader, blockHeaderOf, parseBlockHeader } from "./chain/block-header.js";
export { createProvider, type ProviderOptions } from "./chain/create-provider.js";
export type { Witness } from "./chain/create-quorum.js";
export { decodeRevert } from "./chain/decode-revert.js";
export { conditionInWords, type ManagerNames, rolesInWords } from "./chain/manager-names.js";
export {
  type Call,
  type Estimate,
  type PreparedCall,
  type PreparedTransaction,
  prepareTransaction,
  type SendingContext,
  type Sent,
} from "./chain/prepare-transaction.js";
export { readChainId } from "./chain/read-chain-id.js";
export { requireChain } from "./chain/require-chain.js";
export { type ChainAccount, verifyAccountProof } from "./chain/verify-account-proof.js";
export { verifyStorageProof } from "./chain/verify-storage-proof.js";
export { withChainErrors } from "./chain/with-chain-errors.js";
export {
  createPassportClient,
  type PassportClient,
  type PassportClientOptions,
} from "./client/create-passport-client.js";
export {
  AttestationRelay__factory,
  DigitalPassport__factory,
  DigitalPassportFactory__factory,
  IManufacturerManager__factory,
  PassportRegistry__factory,
  ReadingsAnchor__factory,
  TimelockController__factory,
  WEGManager__factory,
} from "./contracts/index.js";
export { canonicalise } from "./document/canonicalise.js";
export { type Cid, cidOf, digestOfCid, parseCid } from "./document/cid.js";
export {
  type CreateDocumentOptions,
  type CreatedDocument,
  createDocument,
  type DocumentContent,
} from "./document/create-document.js";
export { describeFile, type FileDescription } from "./document/describe-file.js";
export { digestOf } from "./document/digest-of.js";
export { documentJsonSchemas } from "./document/document-json-schemas.js";
export { MAXIMUM_DOCUMENT_BYTES } from "./document/document-size.js";
export { parseJson } from "./document/parse-json.js";
export { readAttachment } from "./document/read-attachment.js";
export { type DocumentVerdict, type ReadDocumentOptions, readDocument } from "./document/read-document.js";
export { type DocumentType, documentSchemas, type PassportDocument } from "./document/schemas/document-schemas.js";
export {
  type Attachment,
  type DocumentSchema,
  type DocumentSchemas,
  defineDocument,
  type Envelope,
} from "./document/schemas/envelope.js";
export { type ContentBackend, createContentStore } from "./document/stores/content-store.js";
export type { DocumentStore, FullDocumentStore, ReadableDocumentStore } from "./document/stores/document-store.js";
export { createGatewayStore, type GatewayStoreOptions } from "./document/stores/gateway-store.js";
export { createMemoryStore } from "./document/stores/memory-store.js";
export {
  createReplicatedStore,
  type ReplicatedStoreOptions,
  type StoreFailure,
} from "./document/stores/replicated-store.js";
export { verifiedGet } from "./document/stores/verified-get.js";
export { type ErrorCode, type ErrorDetails, errorCatalogue } from "./errors/error-catalogue.js";
export { isPassportError, PassportError } from "./errors/passport-error.js";
export { callsInWords, type GovernedContract } from "./governance/calls-in-words.js";
export { type CancelledOperation, cancelOperation } from "./governance/cancel-operation.js";
export { type CheckedProposal, checkProposal } from "./governance/check-proposal.js";
export { type CreateOperationOptions, createOperation } from "./governance/create-operation.js";
export { type CreateProposalOptions, createProposal } from "./governance/create-proposal.js";
export { type CallDescription, describeCall } from "./governance/describe-call.js";
export { type ExecutedOperation, executeOperation } from "./governance/execute-operation.js";
export { hasTimelockRole, type TimelockRoleOptions } from "./governance/has-timelock-role.js";
export { formatProposal, type Proposal, parseProposal } from "./governance/proposal.js";
export { queueProposal } from "./governance/queue-proposal.js";
export { type ReadOperationsOptions, readOperations, type ScheduledOperation } from "./governance/read-operations.js";
export { readSafe, type Safe } from "./governance/read-safe.js";
export { readTimelock, type Timelock } from "./governance/read-timelock.js";
export { type SafeTransaction, safeArguments, safeTypedData } from "./governance/safe-transaction.js";
export { type OperationSchedule, type ScheduleOptions, scheduleOperation } from "./governance/schedule-operation.js";
export { signProposal } from "./governance/sign-proposal.js";
export { encodeSchedule, operationId, type TimelockOperation } from "./governance/timelock-operation.js";
export { buildProductId, type Gs1Product } from "./identifier/build-product-id.js";
export { type Namespace, parseNamespace } from "./identifier/parse-namespace.js";
export {
  type Granularity,
  normaliseProductId,
  type ParsedProductId,
  type ProductId,
  parseProductId,
} from "./identifier/parse-product-id.js";
export { type ProductKey, productKey } from "./identifier/product-key.js";
export {
  type ReadMaintenanceAdviceOptions,
  readMaintenanceAdvice,
  type VerifiedMaintenanceAdvice,
} from "./maintenance/read-maintenance-advice.js";
export {
  type MaintenanceAdvice,
  type MaintenanceRecommendation,
  type MaintenanceTask,
  type RecommendMaintenanceOptions,
  recommendMaintenance,
} from "./maintenance/recommend-maintenance.js";
export { acceptAdministratorTransfer } from "./passport/accept-administrator-transfer.js";
export { type AcceptOptions, acceptOwnership } from "./passport/accept-ownership.js";
export type { AdministrativeRoleChange, AdministrativeRoleOptions } from "./passport/administrative-role.js";
export { type AdmittedManager, admitManager } from "./passport/admit-manager.js";
export { type AdmittedManufacturer, admitManufacturer } from "./passport/admit-manufacturer.js";
export { type AttestOptions, attest, type EventOption } from "./passport/attest.js";
export { attestationKind } from "./passport/attestation-kind.js";
export { type Authorization, type AuthorizeOptions, authorize, type RefusalCode } from "./passport/authorize.js";
export { type AdministratorTransfer, beginAdministratorTransfer } from "./passport/begin-administrator-transfer.js";
export { cancelAdministratorTransfer } from "./passport/cancel-administrator-transfer.js";
export { type CancelledOffer, cancelOffer } from "./passport/cancel-offer.js";
export { type CheckedIssuance, checkIssuances, type IssuanceItem } from "./passport/check-issuances.js";
export type { ReadingContext, WritingContext } from "./passport/context.js";
export type { RecordedEntry } from "./passport/decode-attested.js";
export type { DocumentInput, DocumentSource, ReadyDocument } from "./passport/document-source.js";
export { findPassport } from "./passport/find-passport.js";
export { grantAdministrativeRole } from "./passport/grant-administrative-role.js";
export { type Grantee, type GrantOptions, grantRoles, type MadeGrant } from "./passport/grant-roles.js";
export { hasAdministrativeRole } from "./passport/has-administrative-role.js";
export type { HistoryCache } from "./passport/history-cache.js";
export type { HistoryCursor, HistoryPoint } from "./passport/history-cursor.js";
export type { HistoryPage } from "./passport/history-pages.js";
export { isAttestationUsed } from "./passport/is-attestation-used.js";
export { isVerifierAccepted } from "./passport/is-verifier-accepted.js";
export { type Issuance, issuanceKind } from "./passport/issuance-kind.js";
export {
  type IssuanceCounts,
  type IssuanceOutcome,
  type IssueManyOptions,
  issueMany,
  type SubmitManyOptions,
} from "./passport/issue-many.js";
export { issuePassport } from "./passport/issue-passport.js";
export { issuePassports, MAXIMUM_ISSUANCES } from "./passport/issue-passports.js";
export { type IterateHistoryOptions, iterateHistory } from "./passport/iterate-history.js";
export { type ListedFactory, listFactory } from "./passport/list-factory.js";
export { type LockOptions, lockPassport } from "./passport/lock-passport.js";
export { type OfferOptions, offerOwnership } from "./passport/offer-ownership.js";
export { type EventTypePause, pauseEventType } from "./passport/pause-event-type.js";
export type { AdministeredContract } from "./passport/prepare-administration.js";
export type { IssuedPassport } from "./passport/prepare-issuing.js";
export { type Administration, readAdministration } from "./passport/read-administration.js";
export { type Admission, readAdmission } from "./passport/read-admission.js";
export type { BlockLevel, ReadBlock } from "./passport/read-at-block.js";
export { type Grant, type ReadGrantOptions, readGrant } from "./passport/read-grant.js";
export { type GrantableRoles, readGrantableRoles } from "./passport/read-grantable-roles.js";
export { type History, type ReadHistoryOptions, readHistory } from "./passport/read-history.js";
export { type Issuing, readIssuing } from "./passport/read-issuing.js";
export { type MaintenancePolicy, readMaintenancePolicy } from "./passport/read-maintenance-policy.js";
export { readManagerNames } from "./passport/read-manager-names.js";
export { type Condition, type Passport, readPassport } from "./passport/read-passport.js";
export type { PassportState, PendingOffer, PlacedLock } from "./passport/read-passport-state.js";
export { type Registry, readRegistry } from "./passport/read-registry.js";
export { type HeldRoles, readRoles } from "./passport/read-roles.js";
export { type EventRule, type NamedRule, readRules } from "./passport/read-rules.js";
export { releaseLock } from "./passport/release-lock.js";
export { type ReportedCompromise, reportCompromise } from "./passport/report-compromise.js";
export type { PassportOption } from "./passport/resolve-passport.js";
export { type EventTypeResumption, resumeEventType } from "./passport/resume-event-type.js";
export { type ResumedIssuing, resumeIssuing } from "./passport/resume-issuing.js";
export { revokeAdministrativeRole } from "./passport/revoke-administrative-role.js";
export { type MadeRevocation, type RevokeOptions, revokeAttester } from "./passport/revoke-attester.js";
export { type ChosenFactory, setFactory } from "./passport/set-factory.js";
export { type IssuingCap, setIssuingCap } from "./passport/set-issuing-cap.js";
export { type IssuingLimit, type IssuingLimitOptions, setIssuingLimit } from "./passport/set-issuing-limit.js";
export { type ChangedMaintenancePolicy, setMaintenancePolicy } from "./passport/set-maintenance-policy.js";
export { type OwnerGrantableRoles, setOwnerGrantableRoles } from "./passport/set-owner-grantable-roles.js";
export { type ChangedRule, type SetRuleOptions, setRule } from "./passport/set-rule.js";
export { type AcceptedVerifier, setVerifier } from "./passport/set-verifier.js";
export { settleSale } from "./passport/settle-sale.js";
export { type SignAcceptanceOptions, signAcceptance } from "./passport/sign-acceptance.js";
export { type SignAttestationOptions, signAttestation } from "./passport/sign-attestation.js";
export { signCancellation } from "./passport/sign-cancellation.js";
export { type SignLockOptions, signLock } from "./passport/sign-lock.js";
export { signOffer } from "./passport/sign-offer.js";
export { type SignSettlementOptions, signSettlement } from "./passport/sign-settlement.js";
export { submitAcceptance } from "./passport/submit-acceptance.js";
export { submitAttestation } from "./passport/submit-attestation.js";
export {
  MAXIMUM_ATTESTATIONS,
  type SubmittedAttestation,
  submitAttestations,
} from "./passport/submit-attestations.js";
export { submitCancellation } from "./passport/submit-cancellation.js";
export { submitLock } from "./passport/submit-lock.js";
export {
  type AttestationCounts,
  type AttestationOutcome,
  type SubmitAttestationsOptions,
  submitMany,
} from "./passport/submit-many.js";
export { submitOffer } from "./passport/submit-offer.js";
export { type SuspendedIssuing, suspendIssuing } from "./passport/suspend-issuing.js";
export { type PassportChange, type WatchPassportOptions, watchPassport } from "./passport/watch-passport.js";
export { durationInWords } from "./primitives/duration-in-words.js";
export { type EventType, eventTypeName, eventTypeOf } from "./primitives/event-type.js";
export { gs1CheckDigit, hasGs1CheckDigit } from "./primitives/gs1-check-digit.js";
export {
  type Address,
  type Bytes27,
  type Bytes32,
  type Digest,
  type Hex,
  parseAddress,
  parseBytes27,
  parseBytes32,
  parseDigest,
  parseHex,
} from "./primitives/hex.js";
export { parseTimestamp, type Timestamp, timestampOf, unixSecondsOf } from "./primitives/timestamp.js";
export { type Attester, accountAttester } from "./signing/attester.js";
export { type P256Key, p256Attester, p256Key, p256Signer } from "./signing/p256-attester.js";
export { parseP256PublicKey } from "./signing/p256-public-key.js";
export { type Passkey, type PasskeyRequest, type PasskeyStore, passkey } from "./signing/passkey.js";
export { cloneCode, type PassportClone, parseCloneCode, predictPassportAddress } from "./signing/passport-clone.js";
export {
  attesterOfSigner,
  gatewayHeadAfter,
  initialGatewayHead,
  initialHead,
  nextHead,
  type PassportEntry,
  replayHeads,
} from "./signing/passport-hashing.js";
export { signMessage } from "./signing/sign-message.js";
export {
  parseSignedAcceptance,
  parseSignedAttestation,
  parseSignedCancellation,
  parseSignedLock,
  parseSignedOffer,
  type SignedAcceptance,
  type SignedAttestation,
  type SignedCancellation,
  type SignedLock,
  type SignedMessage,
  type SignedOffer,
  typedDataOfSigned,
} from "./signing/signed-message.js";
export {
  acceptanceTypedData,
  attestationTypedData,
  batchTypedData,
  cancellationTypedData,
  type GatewayMessages,
  type GatewayPosition,
  lockTypedData,
  type MessageType,
  offerTypedData,
  type PassportDomain,
  type PassportMessages,
  pairingTypedData,
  type ReadingsDomain,
  type TypedData,
  unpairingTypedData,
} from "./signing/typed-data.js";
export { type WebCryptoKeyOptions, type WebCryptoKeyPair, webCryptoKey } from "./signing/web-crypto-key.js";
export { type WebAuthnAssertion, type WebAuthnKey, webAuthnAttester } from "./signing/webauthn-attester.js";
export { createSubmitter, type Submitter, type SubmitterOptions } from "./submit/create-submitter.js";
export type { Item, ItemKind, ItemReceipt, Recorded } from "./submit/item-kind.js";
export { createMemoryJournal, type Journal } from "./submit/journal.js";
export { type Basis, basisInWords } from "./verify/basis.js";
export type { Correction } from "./verify/corrections-of.js";
export type { Dispute } from "./verify/disputes-of.js";
export type { EvidencedEntry, PassportEvidence, VerificationEvidence } from "./verify/evidence.js";
export type { Finding } from "./verify/finding.js";
export type { AuthorityDetails } from "./verify/judge-authority.js";
export type { ConditionDetails } from "./verify/judge-condition.js";
export type { DocumentsDetails } from "./verify/judge-documents.js";
export type { FreshnessDetails } from "./verify/judge-freshness.js";
export type { HistoryDetails } from "./verify/judge-history.js";
export {
  type JudgePassportOptions,
  judgePassport,
  type Verdicts,
  type VerificationReport,
} from "./verify/judge-passport.js";
export type { RegistrationDetails } from "./verify/judge-registration.js";
export type { SuccessionDetails } from "./verify/judge-succession.js";
export type { OpenedDocument } from "./verify/open-documents.js";
export { type Gathered, type MissingEvidence, type Verdict, worstStatus } from "./verify/verdict.js";
export { type VerdictCode, type VerdictStatus, verdictCatalogue } from "./verify/verdict-catalogue.js";
export { type VerificationContext, type VerifyPassportOptions, verifyPassport } from "./verify/verify-passport.js";
