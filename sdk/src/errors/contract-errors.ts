/**
 * What the contracts refuse, in words. The code is the name of the contract's error in kebab case, the names in braces
 * are its arguments; a test compares both with the contracts.
 */
export const contractErrors = {
  "contract.digital-passport-issuing-refused": {
    message: "Only the factory issues a passport, once; {caller} is refused",
    advice: "Issue through the manufacturer's manager.",
  },
  "contract.digital-passport-address-zero": {
    message: "An owner, new owner or lock holder is the zero address",
    advice: "Name an account that somebody holds.",
  },
  "contract.digital-passport-document-zero": {
    message: "The entry names no document",
    advice: "Create the document first and pass its digest.",
  },
  "contract.digital-passport-event-type-native": {
    message: "{eventType} is recorded by the passport itself",
    advice: "Use the action for it: issue, accept the ownership, lock or release.",
  },
  "contract.digital-passport-sequence-mismatch": {
    message: "The signature is for position {sequence}, but the next entry is number {nextSequence}",
    advice: "Sign again: another entry came first, and this signature is dead for ever.",
  },
  "contract.digital-passport-signature-used": {
    message: "The signature with the digest {digest} was recorded before",
    advice: "Do not submit it again; find its entry in the history.",
  },
  "contract.digital-passport-expired": {
    message: "The deadline {expiredAt} has passed; the chain's time is {currentTime}",
    advice: "Ask for a new signature or offer with a later deadline.",
  },
  "contract.digital-passport-not-owner": {
    message: "{account} is not the owner; the owner is {owner}",
    advice: "Only the current owner may do this.",
  },
  "contract.digital-passport-condition-forbids": {
    message: "The passport's condition {condition} forbids this: {forbidden}",
    advice: "End the lock, or record the recovery, first.",
  },
  "contract.digital-passport-manager-answer-refused": {
    message:
      "The manager answered what no manager may cause: roles {roles}, condition {newCondition} after {condition}",
    advice: "Report it to the manufacturer: its manager is faulty or hostile.",
  },
  "contract.digital-passport-offer-nonce-mismatch": {
    message: "The number of the offer is {offerNonce}, but {currentOfferNonce} is the valid one",
    advice: "Read the pending offer again; it was replaced, cancelled or settled.",
  },
  "contract.digital-passport-not-offered": {
    message: "The product is not offered to {account}; the pending offer is to {newOwner}",
    advice: "Ask the owner for an offer to the right account.",
  },
  "contract.digital-passport-document-mismatch": {
    message: "The accepted document {document} is not the offered one {offered}",
    advice: "Read the pending offer and its document again before accepting.",
  },
  "contract.digital-passport-head-mismatch": {
    message: "The history has moved on: the expected head is {expectedHead}, the present one {head}",
    advice: "Read the new entries, then accept again if they are no obstacle.",
  },
  "contract.digital-passport-lock-too-long": {
    message: "The lock would last until {until}; at this time {latest} is the latest possible end",
    advice: "Lock for at most 30 days.",
  },
  "contract.digital-passport-not-lock-holder": {
    message: "{caller} may not end the lock; its holder is {holder}",
    advice: "Leave it to the holder, or release the lock after its last second.",
  },

  "contract.attestation-relay-item-refused": {
    message: "The attestation with the index {index} in the call, for the passport {passport}, was refused: {reason}",
    advice: "Correct it or leave it out; none of the call has been recorded.",
  },

  "contract.readings-anchor-sequence-mismatch": {
    message:
      "The batch {sequence} of the gateway {gateway} cannot be anchored: its next batch is number {nextSequence}",
    advice:
      "Read where the gateway's chain stands and anchor its batches in their order; an older one is dead for ever.",
  },
  "contract.readings-anchor-position-taken": {
    message: "The gateway {gateway} has another batch {sequence} on chain: its head is {currentHead}, not {head}",
    advice: "Find out why the gateway signed two batches of one number, then sign the readings of this one again.",
  },
  "contract.readings-anchor-head-mismatch": {
    message:
      "The batch {sequence} of the gateway {gateway} continues the head {previousHead}, but the chain stands at {currentHead}",
    advice: "Sign its readings again for the present head: the batch before it is not the one on chain.",
  },
  "contract.readings-anchor-count-zero": {
    message: "The batch {sequence} of the gateway {gateway} has no readings",
    advice: "Wait until there is at least one reading.",
  },
  "contract.readings-anchor-root-zero": {
    message: "The batch {sequence} of the gateway {gateway} names no root",
    advice: "Make the Merkle tree of the readings first and sign its root.",
  },
  "contract.readings-anchor-document-zero": {
    message: "The batch {sequence} of the gateway {gateway} names no document",
    advice: "Create the document first and sign its digest.",
  },
  "contract.readings-anchor-window-invalid": {
    message: "The batch {sequence} of the gateway {gateway} ends at {to}, before it begins at {from}",
    advice: "Sign the times of the earliest and of the latest reading, in this order.",
  },

  "contract.attester-signature-invalid": {
    message: "The signature of the digest {digest} is not one of {attester}",
    advice: "Check who signed, for which passport and chain, and that nothing was changed afterwards.",
  },
  "contract.attester-signer-mismatch": {
    message: "{attester} is not derived from the signer {signer}",
    advice: "Pass the verifier and the public key that the attester was derived from.",
  },

  "contract.manufacturer-manager-cap-exceeded": {
    message: "All issuers together would be allowed {allotted} passports an hour; the cap is {cap}",
    advice: "Lower the limits of other issuers, or raise the cap.",
  },
  "contract.manufacturer-manager-limit-exceeded": {
    message: "{issuer} may issue {available} more passports at this time, not {count}",
    advice: "Wait for the hourly limit to refill, or ask the administrator for a higher one.",
  },
  "contract.manufacturer-manager-issuer-zero": {
    message: "The zero address would be an issuer",
    advice: "Name the account that shall issue; the cap of all issuers is set by itself.",
  },
  "contract.manufacturer-manager-nothing-to-issue": {
    message: "The list of passports to issue is empty",
    advice: "Name at least one passport.",
  },
  "contract.manufacturer-manager-factory-not-listed": {
    message: "The registry does not list the factory {factory}",
    advice: "Have the factory listed first, or name a listed one.",
  },
  "contract.manufacturer-manager-role-invalid": {
    message: "{role} is no role that can be defined",
    advice: "Use one single bit of 0 to 95 that no other role has.",
  },
  "contract.manufacturer-manager-roles-not-grantable": {
    message: "The roles {roles} cannot be granted this way",
    advice: "Grant them for a single passport, or let the administrator grant them.",
  },
  "contract.manufacturer-manager-condition-invalid": {
    message: "{condition} is no condition that can be defined",
    advice: "Use one single bit of 8 to 15 that no other condition has.",
  },
  "contract.manufacturer-manager-event-type-invalid": {
    message: "There can be no rule for the event type {eventType}",
    advice: "Use capital letters, digits and underscores, and none of the passport's own event types.",
  },
  "contract.manufacturer-manager-rule-invalid": {
    message: "The rule for {eventType} names undefined bits, contradicts itself or does what only the passport may",
    advice: "Correct the roles and conditions of the rule.",
  },
  "contract.manufacturer-manager-effect-final": {
    message: "The effect of {eventType} is final: it sets {sets} and clears {clears}",
    advice: "Change roles and gates only, or make a new event type.",
  },
  "contract.manufacturer-manager-event-type-unknown": {
    message: "The manager has no rule for the event type {eventType}",
    advice: "Check the spelling against the manager's rules.",
  },
  "contract.manufacturer-manager-event-type-paused": {
    message: "The event type {eventType} is paused until {pausedUntil}",
    advice: "Try again after the pause; a signature with a later deadline stays good.",
  },
  "contract.manufacturer-manager-event-type-unpausable": {
    message: "The event type {eventType} can never be paused",
    advice: "Leave it: owners and authorities must always be able to record it.",
  },
  "contract.manufacturer-manager-pause-refused": {
    message: "{eventType} cannot be paused until {until}: from {earliest} on, and until {latest} at the latest",
    advice: "Pause for at most 7 days, and 7 days after the last pause.",
  },
  "contract.manufacturer-manager-event-type-not-paused": {
    message: "The event type {eventType} is not paused",
    advice: "There is nothing to end.",
  },
  "contract.manufacturer-manager-condition-missing": {
    message: "{eventType} needs the condition {required}; the passport's condition is {condition}",
    advice: "Record first what brings the product into that condition.",
  },
  "contract.manufacturer-manager-condition-forbids": {
    message:
      "{eventType} is forbidden while the condition is one of {forbidden}; the passport's condition is {condition}",
    advice: "Record first what ends that condition, where something does.",
  },
  "contract.manufacturer-manager-role-missing": {
    message: "{attester} may not record {eventType}: it takes one of the roles {roles}",
    advice: "Ask the manufacturer, or the owner where he may grant it, for the role.",
  },
  "contract.manufacturer-manager-attester-revoked": {
    message: "{attester} was revoked at {revokedAt}, for good",
    advice: "Attest with another key that has been granted the role.",
  },
  "contract.manufacturer-manager-attester-zero": {
    message: "The zero address cannot be granted anything",
    advice: "Name the account or key of the attester.",
  },
  "contract.manufacturer-manager-validity-invalid": {
    message: "The grant would end at {validUntil}, before it begins at {validFrom}",
    advice: "Choose an end after the beginning.",
  },
  "contract.manufacturer-manager-not-administrator-nor-owner": {
    message: "{account} is neither the administrator nor the owner of the passport {passport}",
    advice: "Let the manufacturer's administrator or the current owner do this.",
  },
  "contract.manufacturer-manager-passport-foreign": {
    message: "{passport} is no registered passport of this manager",
    advice: "Use the manager that the passport names.",
  },
  "contract.manufacturer-manager-verifier-not-accepted": {
    message: "The manager does not accept keys of the verifier {verifier}",
    advice: "Use a verifier on its list, or have the administrator put this one on it.",
  },
  "contract.manufacturer-manager-verifier-without-code": {
    message: "There is no contract at the verifier's address {verifier}",
    advice: "Check the address and the network.",
  },
  "contract.manufacturer-manager-compromise-refused": {
    message: "A compromise of {attester} since {since} cannot be reported: from {earliest} to {latest}, and only once",
    advice: "Report a time within the last 90 days; a report that was made is final.",
  },
  "contract.weg-manager-product-line-zero": {
    message: "The product line has no name",
    advice: "Name the product line as the documents do.",
  },

  "contract.passport-registry-factory-not-listed": {
    message: "{caller} is no listed factory",
    advice: "Have the factory listed by the registry first.",
  },
  "contract.passport-registry-factory-listed": {
    message: "The factory {factory} is listed already",
    advice: "There is nothing to do: a listing is for ever.",
  },
  "contract.passport-registry-factory-foreign": {
    message: "The factory {factory} works for the registry {registry}, with the implementation {implementation}",
    advice: "List a factory that was made for this registry.",
  },
  "contract.passport-registry-manager-not-admitted": {
    message: "The manager {manager} is not admitted",
    advice: "Have the registry admit the manufacturer first.",
  },
  "contract.passport-registry-manager-admitted": {
    message: "The manager {manager} already belongs to manufacturer {manufacturerId}",
    advice: "There is nothing to do, or another manager was meant.",
  },
  "contract.passport-registry-manager-without-code": {
    message: "There is no contract at the manager's address {manager}",
    advice: "Check the address and the network.",
  },
  "contract.passport-registry-issuing-suspended": {
    message: "The registry has suspended issuing by the manager {manager}",
    advice: "Ask the registry's administration; existing passports are not touched.",
  },
  "contract.passport-registry-manufacturer-unknown": {
    message: "There is no manufacturer number {manufacturerId}",
    advice: "Manufacturers are numbered from 1 in the order of their admission.",
  },
  "contract.passport-registry-namespace-taken": {
    message: "The namespace {namespace} collides with {conflicting}",
    advice: "Choose one that neither begins with another nor is the beginning of one.",
  },
  "contract.passport-registry-namespace-foreign": {
    message: "{productId} is outside the namespace of the manager {manager}",
    advice: "A manufacturer issues passports inside its own namespace only.",
  },
  "contract.passport-registry-product-registered": {
    message: "{productId} has the passport {passport} already",
    advice: "Use that passport; a product identifier is never assigned again.",
  },
  "contract.product-id-length-invalid": {
    message: "{productId} has {length} bytes: more than 256, or nothing behind the namespace",
    advice: "Use a GS1 Digital Link or another plain https URL of at most 256 bytes.",
  },
  "contract.product-id-character-invalid": {
    message:
      "{productId} has a character that may not stand in a product identifier, within 32 bytes from index {index} on",
    advice: "Use a URL in printable ASCII without spaces.",
  },
  "contract.namespace-invalid": {
    message: "{namespace} is not a namespace, see index {index}",
    advice: "A namespace is https://, a host in lower case and a path ending in a slash, at most 128 bytes.",
  },

  "contract.access-control-unauthorized-account": {
    message: "{account} does not hold {neededRole}",
    advice: "Let a holder of that role do this.",
  },
  "contract.access-control-bad-confirmation": {
    message: "Only an account itself can give up its role",
    advice: "Let the account that holds the role renounce it.",
  },
  "contract.access-control-enforced-default-admin-delay": {
    message: "The change of the administrator has to wait until {schedule}",
    advice: "Try again after that time.",
  },
  "contract.access-control-enforced-default-admin-rules": {
    message: "The administrator changes only by a transfer that is begun, waits and is accepted",
    advice: "Begin a transfer of the administration instead.",
  },
  "contract.access-control-invalid-default-admin": {
    message: "{defaultAdmin} cannot take over the administration",
    advice: "Let the account accept that the transfer was begun to.",
  },
  "contract.failed-call": {
    message: "The contract that the timelock called refused without a reason",
    advice: "Look at what the operation calls; the timelock does nothing of it while that is refused.",
  },
  "contract.timelock-invalid-operation-length": {
    message: "The operation has {targets} targets, {payloads} payloads and {values} values",
    advice: "Name one of each for every call.",
  },
  "contract.timelock-insufficient-delay": {
    message: "The operation would wait {delay}, but the timelock wants at least {minDelay}",
    advice: "Propose it with a longer delay.",
  },
  "contract.timelock-unexpected-operation-state": {
    message: "The operation {operationId} is not in a state that allows this",
    advice: "Look at it with passport govern show: it may still wait, or be done, cancelled or known already.",
  },
  "contract.timelock-unexecuted-predecessor": {
    message: "The operation {predecessorId} has to be executed before",
    advice: "Execute that one first.",
  },
  "contract.timelock-unauthorized-caller": {
    message: "Only the timelock itself changes its delay; {caller} is refused",
    advice: "Propose the change as an operation of the timelock.",
  },
} as const;
