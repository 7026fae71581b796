import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type Address, parseAddress } from "@digital-product-passport/sdk";
import { Contract, ContractFactory, type HDNodeWallet, type Provider, type Signer, Wallet, ZeroAddress } from "ethers";
import { developmentAccounts } from "../../scripts/lib/development-accounts.js";

const require = createRequire(import.meta.url);

/** Bytecode and ABI as Safe publishes them: nothing is compiled here. */
async function readPublished(name: string) {
  const path = require.resolve(`@safe-global/safe-smart-account/build/artifacts/contracts/${name}.json`);
  const { abi, bytecode } = JSON.parse(await readFile(path, "utf8"));
  return { abi, bytecode };
}

/**
 * Deploys a Safe from the published package, as Safe's own application does: a proxy of the singleton.
 *
 * @param deployer - pays for it
 * @param options - `owners`; `threshold`: how many of them have to sign
 * @returns the Safe
 */
export async function deploySafe(
  deployer: Signer,
  options: { readonly owners: readonly string[]; readonly threshold: number },
): Promise<Contract> {
  const [singleton, factory] = await Promise.all([
    readPublished("Safe.sol/Safe"),
    readPublished("proxies/SafeProxyFactory.sol/SafeProxyFactory"),
  ]);
  const safeCode = await deployed(singleton, deployer);
  const proxies = await deployed(factory, deployer);
  const { owners, threshold } = options;
  const setup = [owners, threshold, ZeroAddress, "0x", ZeroAddress, ZeroAddress, 0, ZeroAddress];
  const initializer = safeCode.interface.encodeFunctionData("setup", setup);
  const create = proxies.getFunction("createProxyWithNonce");
  const given = [await safeCode.getAddress(), initializer, 0n] as const;
  const address = parseAddress(await create.staticCall(...given));
  await (await create(...given)).wait();
  return new Contract(address, singleton.abi, deployer);
}

async function deployed({ abi, bytecode }: Awaited<ReturnType<typeof readPublished>>, deployer: Signer) {
  const contract = await new ContractFactory(abi, bytecode, deployer).deploy();
  await contract.waitForDeployment();
  return new Contract(await contract.getAddress(), abi, deployer);
}

/** Three of the development accounts, each with a key of his own. */
export const SAFE_OWNERS: readonly HDNodeWallet[] = developmentAccounts().slice(16, 19);

/**
 * Deploys a Safe that may govern, paid for by somebody who has no part in anything.
 *
 * @param network - where to
 * @param options - `threshold`, 2 of the three owners if left out
 * @returns its address
 */
export async function deployGoverningSafe(
  { provider }: { readonly provider: Provider },
  { threshold = 2 }: { readonly threshold?: number } = {},
): Promise<Address> {
  const somebody = new Wallet(developmentAccounts()[15]?.privateKey ?? "", provider);
  const safe = await deploySafe(somebody, { owners: SAFE_OWNERS.map(({ address }) => address), threshold });
  return parseAddress(await safe.getAddress());
}
