import { contractErrors } from "./contract-errors.js";

/** One kind of failure: what happened, with the names of the details in braces, and what to do about it. */
interface ErrorDescription {
  readonly message: string;
  readonly advice: string;
}

/**
 * Every failure the SDK reports, by its dotted code.
 *
 * The names in braces are the details an error of that code must carry; the compiler demands them.
 */
export const errorCatalogue = {
  "input.invalid": {
    message: "{field} is not valid: {problem}; received {value}",
    advice: "Correct the value and try again.",
  },

  "identifier.invalid": {
    message: "{productId} is not a product identifier: {problem}",
    advice: "Use a GS1 Digital Link or another plain https URL, printable ASCII and at most 256 bytes.",
  },
  "identifier.not-normalised": {
    message: "{productId} is not in its normal form {normalForm}",
    advice: "Print, store and register the normal form only.",
  },
  "identifier.check-digit": {
    message: "{value} ends in the check digit {actual}, but {expected} is right",
    advice: "Compare the number with its source; a digit is mistyped or two are swapped.",
  },
  "identifier.foreign-namespace": {
    message: "{productId} is outside the namespace {namespace}",
    advice: "A manufacturer issues passports inside its own namespace only.",
  },
  "identifier.namespace": {
    message: "{namespace} is not a namespace: {problem}",
    advice: "A namespace is https://, a host in lower case and a path ending in a slash, at most 128 bytes.",
  },

  "label.unreadable": {
    message: "The picture of the label cannot be read: {problem}",
    advice: "Take a sharp PNG picture of the whole QR code, or type in what stands below it.",
  },

  "event-type.unknown": {
    message: "There is no document schema for the event type {eventType}",
    advice: "Check the spelling, or pass the brand's own schemas.",
  },

  "document.not-json": {
    message: "The text is not JSON: {problem}",
    advice: "Supply strict JSON in UTF-8: no comments, no trailing commas, no key twice.",
  },
  "document.not-canonicalisable": {
    message: "The value at {path} has no canonical JSON form: {problem}",
    advice: "Use plain objects, arrays, strings, finite numbers, booleans and null.",
  },
  "document.not-canonical": {
    message: "The bytes of document {digest} are not in the canonical form of RFC 8785",
    advice: "Ask the attester to record the canonical form; this one can be read in two ways.",
  },
  "document.too-large": {
    message: "The document is larger than {maximumBytes} bytes: {actualBytes}",
    advice: "Move large content into attachments.",
  },
  "document.schema": {
    message: "The {eventType} document does not fit its schema: {problem}",
    advice: "Correct the fields that are named; documentJsonSchemas() describes all of them.",
  },
  "document.unknown-format": {
    message: "The document has the format {format}, which this version does not know",
    advice: "Update the SDK, then read the document again.",
  },
  "document.other-product": {
    message: "The document speaks of {actual}, not of {expected}",
    advice: "Do not rely on this entry: its document belongs to another product.",
  },
  "document.other-event": {
    message: "The document describes {actual}, not {expected}",
    advice: "Do not rely on this entry: its document belongs to another event.",
  },
  "document.other-attester": {
    message: "The document names the attester {actual}, but {expected} recorded it",
    advice: "Do not rely on this entry: its document belongs to another attester.",
  },
  "document.gateway-signature-wrong": {
    message: "The gateway {gateway} did not sign the {eventType} document that names it",
    advice: "Do not count the gateway's readings for this product: somebody else has claimed them.",
  },
  "document.gateway-signature-unknown": {
    message: "Whether the gateway {gateway} signed the {eventType} document, only a contract could say",
    advice: "Ask the chain: readPairings() does, for a gateway that is a contract wallet.",
  },
  "document.digest-mismatch": {
    message: "The bytes have the digest {actual}, not {expected}",
    advice: "Fetch them from another store: this one returned other bytes than were asked for.",
  },
  "document.not-found": {
    message: "The store has no content {cid}",
    advice: "Ask another store, or whoever recorded the document to publish it again.",
  },

  "document.file-unreadable": {
    message: "The content {cid} cannot be read as a file: {problem}",
    advice: "Do not rely on it: it is what its address says, but no file as this SDK, and Kubo, make them.",
  },

  "document.not-decryptable": {
    message: "The attachment cannot be decrypted: {problem}",
    advice: "Use the key of a recipient, and compare the attachment with its document: other bytes decrypt to nothing.",
  },

  "store.unreachable": {
    message: "The document store {store} did not serve the request: {problem}",
    advice: "Check that the store is running and reachable, then try again; nothing is known about the content itself.",
  },

  "store.too-few": {
    message: "Only {kept} of the {required} document stores that are required have kept {cid}: {problem}",
    advice: "Try again: a store that has it already takes it once more without harm.",
  },

  "store.incomplete": {
    message: "The document store sent only {actualBytes} of {expectedBytes} bytes of {cid}",
    advice: "Try again, or ask another store; nothing is known about the content itself.",
  },

  "chain.unreachable": {
    message: "The RPC endpoint {endpoint} did not answer: {problem}",
    advice: "Check the endpoint and the network, then try again.",
  },
  "chain.answer-invalid": {
    message: "The RPC endpoint {endpoint} gave an answer that cannot be true: {problem}",
    advice: "Ask another endpoint, and do not rely on this one.",
  },
  "chain.block-too-old": {
    message: "The block that was read is {ageSeconds} seconds old: it does not know what was recorded later",
    advice: "Ask a node that keeps up with the chain, or read at the level sequenced.",
  },
  "chain.wrong-chain": {
    message: "The endpoint serves chain {actual}, not {expected}",
    advice: "Use an endpoint of the expected chain.",
  },
  "chain.insufficient-funds": {
    message: "{account} holds {balanceWei} wei, but {requiredWei} wei are needed",
    advice: "Fund the account, or let somebody else submit the signed attestation.",
  },
  "chain.request-refused": {
    message: "The RPC endpoint {endpoint} refused the request: {problem}",
    advice: "Correct what the answer names; the same request will be refused again.",
  },
  "chain.nonce-taken": {
    message: "{account} has used this nonce before: {problem}",
    advice: "Send one after another from one account, and look for the transaction that took the nonce.",
  },
  "chain.nonce-gap": {
    message: "An earlier transaction of {account} is missing: {problem}",
    advice: "Send one after another from one account; the missing one has to come first.",
  },
  "chain.outcome-unknown": {
    message: "Whether the transaction {transactionHash} of {account} was included is unknown: {problem}",
    advice: "Read the passport before sending again; the transaction may still be included.",
  },
  "chain.no-contract": {
    message: "No contract with the function {signature} answers at the address that was asked",
    advice: "Check the address and the network.",
  },
  "proof.incomplete": {
    message: "The proof lacks {missing}",
    advice: "Ask for the proof again, or ask another endpoint; nothing is known about what it was to prove.",
  },
  "proof.invalid": {
    message: "The proof cannot be true: {problem}",
    advice: "Ask another endpoint, and do not rely on this one.",
  },
  "proof.layout-foreign": {
    message: "The storage of {contract} cannot be read: {problem}",
    advice: "Ask the contract itself, through a node or several; it is not laid out like the contracts of this suite.",
  },
  "reading.not-found": {
    message: "The reading {sequence} of the sensor {sensor} was not found at the gateway {gateway}: {problem}",
    advice: "Check sensor and number; where a batch could not be read, ask another store.",
  },

  "bundle.invalid": {
    message: "The bundle was changed, damaged or made by another program: {problem}",
    advice: "Ask for it once more; nothing is known about the passport itself.",
  },
  "bundle.other": {
    message: "The bundle is of another {field}: {actual}, not {expected}",
    advice: "Compare what you expect with its source, or ask for a bundle of what you expect.",
  },
  "bundle.incomplete": {
    message: "No bundle can be made, because not all of the passport could be read: {problem}",
    advice: "Try again, or ask another endpoint or store.",
  },
  "contract.event-missing": {
    message: "The transaction {transactionHash} was included without an event {event} of {address}",
    advice: "Check that the address is a contract of this suite; another one may have answered.",
  },
  "passport.foreign": {
    message: "What stands at {passport} is no passport of this suite",
    advice: "Check the address and the network.",
  },
  "passport.not-found": {
    message: "The registry {registry} knows no passport of {productId}",
    advice: "Check the identifier, the registry and the network.",
  },
  "contract.reverted": {
    message: "The contract refused the call: {problem}",
    advice: "Change what the reason names; the same call will be refused again.",
  },
  ...contractErrors,

  "offer.missing": {
    message: "The passport {passport} is offered to nobody",
    advice: "Ask the owner for an offer; the last one may have been accepted or cancelled.",
  },
  "role.unknown": {
    message: "The manager {manager} knows no role {role}; it knows {known}",
    advice: "Check the spelling of the role.",
  },
  "condition.unknown": {
    message: "The manager {manager} knows no condition {condition}; it knows {known}",
    advice: "Check the spelling of the condition.",
  },
  "issuing.item-refused": {
    message: "Passport {position} of {count}, {productId}, cannot be issued: {problem}",
    advice: "Correct it or leave it out; none of them has been issued.",
  },

  "attestation.item-refused": {
    message: "Attestation {position} of {count} cannot be submitted: {problem}",
    advice: "Correct it or leave it out; none of them has been recorded.",
  },

  "proposal.unfit": {
    message: "The proposal cannot be used: {problem}",
    advice: "Do not sign it; make a new one, and ask whoever handed it to you.",
  },

  "journal.in-use": {
    message: "The {name} is in use",
    advice: "One process writes a journal and sends with a key; wait until the other one has ended.",
  },
  "journal.damaged": {
    message: "Line {line} of the journal {journal} is damaged: {problem}",
    advice:
      "Keep the file, restore it from a copy, and check the disk: what follows that line was promised to somebody.",
  },
  "journal.unusable": {
    message: "The journal {journal} cannot be used: {problem}",
    advice: "Check disk and permissions, then start again with the same journal; what was accepted is in it.",
  },
  "journal.full": {
    message: "The journal {journal} takes nothing more: {problem}",
    advice: "Make room on the disk; then it goes on by itself, and whatever was not acknowledged has to come again.",
  },
  "journal.foreign": {
    message: "The journal {journal} is for {actual}, not for {expected}",
    advice: "Use a journal of its own for each chain and for each kind of items.",
  },
  "submission.closed": {
    message: "The submitter is closed and does not take {id}",
    advice: "Create a new one with the same journal; it goes on where this one stopped.",
  },
  "submission.sender-missing": {
    message: "The journal {journal} has transactions of {account} that are not final",
    advice: "Pass the signer of that account as well until all of them are final.",
  },
  "submission.too-large": {
    message: "{id} alone needs {actual}, more than the {maximum} of one transaction",
    advice: "Submit something smaller.",
  },
  "submission.reverted": {
    message: "{id} was accepted by every estimate, but the transaction {transactionHash} reverted",
    advice: "Look at the transaction; something changes between an estimate and the sending.",
  },

  "relay.overloaded": {
    message: "The relay has {waiting} readings that are not durable yet and takes no more",
    advice: "Send the same readings again a little later.",
  },
  "relay.pairings-unknown": {
    message: "What the passport of {productId} says of gateways could not be found out: {problem}",
    advice: "It is asked again; until then, what was found out last counts.",
  },
  "relay.chain-diverged": {
    message: "Batch {sequence} of the gateway {gateway} stands on the chain with another content: {problem}",
    advice: "One gateway's key belongs to one relay and its folder; find out who else has anchored with it.",
  },
  "relay.refused": {
    message: "The chain refuses batch {sequence} of the gateway {gateway}: {problem}",
    advice: "Correct what the reason names and start the relay again; its journal keeps every reading.",
  },

  "signer.missing": {
    message: "To {action}, a signer is needed",
    advice: "Pass an ethers signer when creating the client, or hand the prepared call to somebody who has one.",
  },
  "signer.refused": {
    message: "{account} did not sign: {problem}",
    advice: "Ask the holder of the key, then try again.",
  },
} as const satisfies Readonly<Record<string, ErrorDescription>>;

/** The dotted code of a failure, such as `document.schema`. */
export type ErrorCode = keyof typeof errorCatalogue;

type Placeholder<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

/** The details that an error of this code carries: at least those its message speaks of. */
export type ErrorDetails<Code extends ErrorCode> = Readonly<
  Record<Placeholder<(typeof errorCatalogue)[Code]["message"]>, unknown> & Record<string, unknown>
>;
