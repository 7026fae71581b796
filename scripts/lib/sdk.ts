export {
  type AddressBook,
  type DeployedContract,
  formatAddressBook,
  parseAddressBook,
} from "../../sdk/src/chain/address-book.js";
export { createProvider } from "../../sdk/src/chain/create-provider.js";
export { requireChain } from "../../sdk/src/chain/require-chain.js";
export { withChainErrors } from "../../sdk/src/chain/with-chain-errors.js";
export { parseJson } from "../../sdk/src/document/parse-json.js";
export { documentSchemas } from "../../sdk/src/document/schemas/document-schemas.js";
export { createDiskStore } from "../../sdk/src/document/stores/disk-store.js";
export { createKuboStore } from "../../sdk/src/document/stores/kubo-store.js";
export { isPassportError, PassportError } from "../../sdk/src/errors/passport-error.js";
export { parseNamespace } from "../../sdk/src/identifier/parse-namespace.js";
export { type CheckedIssuance, checkIssuances, type IssuanceItem } from "../../sdk/src/passport/check-issuances.js";
export type { WritingContext } from "../../sdk/src/passport/context.js";
export { issuePassports } from "../../sdk/src/passport/issue-passports.js";
export { type Address, addressSchema, parseAddress, parseBytes32 } from "../../sdk/src/primitives/hex.js";
export { parseInput } from "../../sdk/src/primitives/parse-input.js";
export { timestampOf } from "../../sdk/src/primitives/timestamp.js";
