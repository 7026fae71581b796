/**
 * What a verdict can say. `valid`: proven; `invalid`: disproven, or proven to be against the rules; `unknown`: it
 * could not be found out, often because somebody did not answer; `notApplicable`: there is nothing to judge.
 */
export type VerdictStatus = "valid" | "invalid" | "unknown" | "notApplicable";

interface VerdictDescription {
  readonly status: VerdictStatus;
  readonly reason: string;
}

/**
 * Every verdict, by its dotted code: its status, and the reason in words for people who do not know what a hash is. The
 * names in braces are the values that a verdict of that code carries; the compiler demands them.
 */
export const verdictCatalogue = {
  "passport.none": { status: "notApplicable", reason: "There is no passport at this address to judge." },

  "basis.block-untrusted": {
    status: "unknown",
    reason:
      "It holds if block {block} of {time}, with the hash {hash}, is of the chain. Nobody vouches for that: compare the hash with a source that you trust.",
  },
  "premise.failed": {
    status: "unknown",
    reason: "It rests on something else, which does not hold. {problem}",
  },

  "registration.proven": {
    status: "valid",
    reason:
      "The registry knows this passport as that of {productId}. Its address and its program follow from the listed factory {factory}, and the manufacturer owns the namespace {namespace}.",
  },
  "registration.registry-not-pinned": {
    status: "unknown",
    reason: "Whether this passport is genuine cannot be said: no registry was named to compare it with.",
  },
  "registration.not-issued": {
    status: "invalid",
    reason: "The registry {registry} knows no passport of {productId}.",
  },
  "registration.no-passport": { status: "invalid", reason: "There is no contract at {passport}." },
  "registration.code-foreign": {
    status: "invalid",
    reason: "The contract at {passport} is no passport of this suite: its program is another one.",
  },
  "registration.identifier-invalid": {
    status: "invalid",
    reason: "The passport names its product in a way that must not be used: {problem}",
  },
  "registration.other-product": {
    status: "invalid",
    reason: "The passport belongs to {actual}, not to {expected}.",
  },
  "registration.factory-foreign": {
    status: "invalid",
    reason: "None of the factories that the registry lists can have made a passport at {passport}.",
  },
  "registration.implementation-changed": {
    status: "invalid",
    reason:
      "The program behind the passport is not the one that the registry recorded when it listed the factory {factory}.",
  },
  "registration.implementation-foreign": {
    status: "invalid",
    reason: "The program behind the passport has the hash {actual}; you expect {expected}.",
  },
  "registration.other-passport": {
    status: "invalid",
    reason: "The registry knows another passport of {productId}: {registered}. This one is a copy.",
  },
  "registration.manager-foreign": {
    status: "invalid",
    reason: "The registry has admitted no manufacturer with the manager {manager}.",
  },
  "registration.namespace-foreign": {
    status: "invalid",
    reason: "{productId} is outside the namespace {namespace} of the manufacturer.",
  },

  "history.proven": {
    status: "valid",
    reason:
      "All {entryCount} entries are here, unchanged and in order: together they give exactly the fingerprint that the passport keeps.",
  },
  "history.empty": { status: "invalid", reason: "The passport was never issued: it has no entry." },
  "history.incomplete": {
    status: "unknown",
    reason:
      "The passport has {entryCount} entries, but entry {sequence} was not found. The node may not keep old entries.",
  },
  "history.surplus": {
    status: "invalid",
    reason: "{shown} entries were shown, but the passport has only {entryCount}.",
  },
  "history.head-differs": {
    status: "invalid",
    reason:
      "The entries shown are not those that the passport recorded: at least one was changed, swapped, left out or made up.",
  },
  "history.state-differs": {
    status: "invalid",
    reason: "The passport shows another {field} than its last entry: {actual} instead of {expected}.",
  },
  "history.rule-broken": {
    status: "invalid",
    reason: "No passport would have recorded entry {sequence}: {problem}.",
  },

  "documents.valid": {
    status: "valid",
    reason:
      "The documents of all {entryCount} entries are here, unchanged, complete, and about this product. {attachments}",
  },
  "documents.no-store": {
    status: "unknown",
    reason: "The documents were not looked at: no document store was named.",
  },
  "documents.invalid": {
    status: "invalid",
    reason: "What was shown as the document of {entries} is not to be relied on. {problem}",
  },
  "documents.attachment-invalid": {
    status: "invalid",
    reason: "What was shown as the file {name} of {entries} is not to be relied on. {problem}",
  },
  "documents.attachment-unknown": {
    status: "unknown",
    reason: "The file {name} of {entries} could not be judged. {problem}",
  },
  "documents.unknown": { status: "unknown", reason: "The document of {entries} could not be judged. {problem}" },

  "authority.on-record": {
    status: "valid",
    reason:
      "Everybody who recorded an entry was allowed to at that time: the passport checked who it was, the manufacturer's rules whether he may.",
  },
  "authority.role-missing": {
    status: "invalid",
    reason: "Entry {sequence} was recorded under no role: the manufacturer's manager does not keep its own rules.",
  },
  "authority.effect-differs": {
    status: "invalid",
    reason:
      "Entry {sequence} left the product {actual}, but by the manufacturer's rule it would be {expected}: the manager does not keep its own rules.",
  },
  "authority.rule-unknown": {
    status: "unknown",
    reason: "The manufacturer's rules say nothing about {eventType}, which entry {sequence} records.",
  },
  "authority.role-unknown": {
    status: "unknown",
    reason: "Entry {sequence} was recorded under a role that the manufacturer does not name: {roles}.",
  },
  "authority.standing-unknown": {
    status: "unknown",
    reason: "Whether the key of {attester} was ever reported as stolen is not known.",
  },
  "authority.disputed": {
    status: "unknown",
    reason: "Who recorded some of the entries is in doubt: {disputes}",
  },
  "authority.correction-unreadable": {
    status: "unknown",
    reason: "An earlier entry was corrected or withdrawn, but which one could not be read: {entries}.",
  },

  "condition.clear": {
    status: "valid",
    reason: "The product is {condition}. Nothing of that speaks against buying or using it.",
  },
  "condition.unnamed": {
    status: "unknown",
    reason: "The product is in a condition that the manufacturer has no word for: {bits}. It may be a recall.",
  },
  "condition.notable": { status: "valid", reason: "The product is {condition}. {findings}" },

  "succession.none": {
    status: "notApplicable",
    reason: "This passport neither continues another one nor is continued by one.",
  },
  "succession.mutual": { status: "valid", reason: "{links} Both passports say so." },
  "succession.unconfirmed": {
    status: "unknown",
    reason:
      "This passport says that it continues {productId}, whose owner has not confirmed it. Do not follow the link.",
  },
  "succession.one-sided": {
    status: "invalid",
    reason: "This passport names {productId} as its {role}, but {problem}. Do not follow the link.",
  },
  "succession.unreadable": {
    status: "unknown",
    reason: "Whether another passport comes before or after this one could not be found out: {problem}",
  },

  "freshness.current": {
    status: "valid",
    reason: "Read {age} after the last block, number {block}. The last entry is {level}.",
  },
  "freshness.stale": {
    status: "unknown",
    reason: "The node's last block is {age} old: later entries may exist that this node does not know.",
  },
  "freshness.ahead": {
    status: "unknown",
    reason: "The block that was read lies {age} in the future: the chain's clock or yours is wrong.",
  },
  "freshness.proven": {
    status: "valid",
    reason:
      "All of it was so {age} ago, in block {block}. What came later, and whether the parent chain has settled that block, a proof does not say.",
  },
  "freshness.outdated": {
    status: "unknown",
    reason: "All of it was so {age} ago, in block {block}: later entries may exist that no proof of that block shows.",
  },

  "reading.included": {
    status: "valid",
    reason: "The reading stands in the tree of the batch {sequence} of the gateway {gateway}, byte for byte.",
  },
  "reading.not-included": {
    status: "invalid",
    reason:
      "The reading does not stand in the tree of the batch {sequence} of the gateway {gateway}: one of them was changed.",
  },
  "reading.outside-window": {
    status: "invalid",
    reason: "The reading of {time} is not of the time that the batch {sequence} names.",
  },
  "reading.signed": { status: "valid", reason: "The gateway {gateway} has signed the batch {sequence}." },
  "reading.not-signed": {
    status: "invalid",
    reason: "The gateway {gateway} has not signed the batch {sequence} as it stands here.",
  },
  "reading.signature-unknown": {
    status: "unknown",
    reason: "Whether the gateway {gateway} signed the batch {sequence}, only a contract could say.",
  },
  "reading.no-signature": {
    status: "notApplicable",
    reason: "The proof carries no signature of the batch; the chain looked at it when the batch was anchored.",
  },
  "reading.anchored": {
    status: "valid",
    reason:
      "The batch {sequence} was anchored at {time}, and every batch of the gateway {gateway} up to its present head follows from the one before it.",
  },
  "reading.not-anchored": {
    status: "invalid",
    reason: "The batch {sequence} is not in the chain of the gateway {gateway}, which has {count} batches.",
  },
  "reading.ahead-of-time": {
    status: "invalid",
    reason: "The batch {sequence} has readings of {to}, but was anchored at {time}: the gateway's clock was wrong.",
  },
  "reading.other-chain": {
    status: "invalid",
    reason: "The proof is of the contract {actual}, not of {expected}.",
  },
  "reading.chain-not-asked": {
    status: "unknown",
    reason: "Whether it is so on chain was not looked at: no node was named.",
  },
  "reading.paired": {
    status: "valid",
    reason:
      "The gateway {gateway} was attached to {product} when it anchored the batch {sequence}, and the sensor {sensor} is one of those it reads there.",
  },
  "reading.not-paired": {
    status: "invalid",
    reason: "The batch {sequence} of the gateway {gateway} does not count for {product}: {problem}",
  },
  "reading.pairing-disputed": {
    status: "unknown",
    reason:
      "The key of the gateway {gateway} is reported as stolen since {time}, before the batch {sequence} was anchored.",
  },
} as const satisfies Readonly<Record<string, VerdictDescription>>;

/** The dotted code of a verdict, such as `history.proven`. */
export type VerdictCode = keyof typeof verdictCatalogue;
