/**
 * What a call of each administrative function changes, in words; names in braces are the function's arguments. A test
 * compares both with the contracts.
 */

const ACCESS_CONTROL = {
  grantRole: "gives {account} the administrative role {role}",
  revokeRole: "takes the administrative role {role} from {account}",
};

const ADMINISTRATION = {
  ...ACCESS_CONTROL,
  renounceRole: "gives up the administrative role {role} that {account} holds",
  beginDefaultAdminTransfer:
    "begins to hand its administration to {newAdmin}, who may accept it once the contract's delay has passed",
  acceptDefaultAdminTransfer: "takes over its administration, which was begun to be handed to the caller",
  cancelDefaultAdminTransfer: "calls off the transfer of its administration",
  changeDefaultAdminDelay: "lets later transfers of its administration wait {newDelay}",
  rollbackDefaultAdminDelay: "calls off the change of the delay of its administration",
};

/** By contract and function. */
export const callsInWords = {
  registry: {
    ...ADMINISTRATION,
    admitManufacturer:
      "admits a manufacturer with the namespace {namespace}, its own for ever, and the manager {manager}",
    admitManager:
      "admits {manager} as a further manager of the manufacturer {manufacturerId}, for all of its namespace",
    listFactory: "lists the factory {factory} for ever: whatever it makes counts as a passport",
    suspendIssuing: "stops the issuing of the manager {manager}; passports that exist are not touched",
    resumeIssuing: "lets the manager {manager} issue again",
  },
  manager: {
    ...ADMINISTRATION,
    setIssuingCap: "lets all issuers together issue at most {perHour} passports an hour",
    setIssuingLimit: "lets {issuer} issue {perHour} passports an hour, until {validUntil}",
    setFactory: "issues from now on with the factory {factory_}",
    setRule: "sets who may record {eventType}, when, and what it does: {rule}",
    setOwnerGrantableRoles: "lets owners grant the roles {roles} for their products",
    setVerifier: "accepts keys of the verifier {verifier}: {accepted}",
    pause: "pauses {eventType} until {until}",
    resume: "lets {eventType} be recorded again",
    grant: "grants {attester} the roles {roles} for all products, from {validFrom} until {validUntil}",
    grantFor: "grants {attester} the roles {roles} for the passport {passport}, from {validFrom} until {validUntil}",
    grantKey: "grants the key {signer} the roles {roles} for all products, from {validFrom} until {validUntil}",
    grantKeyFor:
      "grants the key {signer} the roles {roles} for the passport {passport}, from {validFrom} until {validUntil}",
    revoke: "ends for ever what {attester} may record; what he has recorded stays",
    revokeFor: "ends for ever what {attester} may record on the passport {passport} by the caller's grant",
    reportCompromise:
      "ends for ever what {attester} may record, and has all that he recorded since {since} read as disputed",
    setMaintenancePolicy: "sets the maintenance policy of the product line {productLine}: {policy}",
  },
  timelock: {
    ...ACCESS_CONTROL,
    renounceRole: "gives up the administrative role {role} that {callerConfirmation} holds",
    updateDelay: "lets later operations wait at least {newDelay}",
    cancel: "ends the operation {id}, which will never be executed",
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A contract of the suite that somebody governs. */
export type GovernedContract = keyof typeof callsInWords;
