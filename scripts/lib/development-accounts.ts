import { computeAddress, HDNodeWallet } from "ethers";

/** Of the accounts that Hardhat's and anvil's local chains fund. Everybody knows it: it holds nothing of worth. */
const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

const ACCOUNTS_OF_A_LOCAL_CHAIN = 20;

/** Other phrases that tools ship with: Ganache and Truffle. */
const OTHER_PUBLISHED_MNEMONICS = [
  "myth like bonus scare over problem client lizard pioneer submit female collect",
  "candy maple cake sugar pudding cream honey rich smooth crumble sweet treat",
];

/** Funded on Arbitrum's own development node. */
const ARBITRUM_DEVELOPMENT_KEY = "0xb6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659";

const LARGEST_TRIVIAL_KEY = 32;

/**
 * The accounts that a local chain funds.
 *
 * @returns twenty accounts with their keys, not connected
 */
export function developmentAccounts(): readonly HDNodeWallet[] {
  return accountsOf(DEVELOPMENT_MNEMONIC);
}

/**
 * Tells whether everybody can sign for an account, because its key stands in a tool's documentation or is a number that
 * anybody would try. What such an account receives on a public network is taken within seconds.
 *
 * @param address - the account, in the spelling of EIP-55
 * @returns whether its key is one of those
 */
export function isDevelopmentAccount(address: string): boolean {
  publishedAccounts ??= new Set(listPublishedAccounts());
  return publishedAccounts.has(address);
}

let publishedAccounts: ReadonlySet<string> | undefined;

function listPublishedAccounts(): readonly string[] {
  const fromMnemonics = [DEVELOPMENT_MNEMONIC, ...OTHER_PUBLISHED_MNEMONICS].flatMap((phrase) =>
    accountsOf(phrase).map(({ address }) => address),
  );
  const trivial = Array.from({ length: LARGEST_TRIVIAL_KEY }, (_, index) =>
    computeAddress(`0x${(index + 1).toString(16).padStart(64, "0")}`),
  );
  return [...fromMnemonics, ...trivial, computeAddress(ARBITRUM_DEVELOPMENT_KEY)];
}

function accountsOf(phrase: string): readonly HDNodeWallet[] {
  const parent = HDNodeWallet.fromPhrase(phrase, "", "m/44'/60'/0'/0");
  return Array.from({ length: ACCOUNTS_OF_A_LOCAL_CHAIN }, (_, index) => parent.deriveChild(index));
}
