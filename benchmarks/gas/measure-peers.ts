import {
  AbiCoder,
  type BaseContract,
  Contract,
  ContractFactory,
  type ContractTransactionResponse,
  id,
  Signature,
  type Signer,
  solidityPackedKeccak256,
  ZeroAddress,
  ZeroHash,
} from "ethers";
import { documentOf, NO_END, nameOf } from "../../test/support/contract-values.js";
import { productIdOf, type Suite } from "../../test/support/deploy-suite.js";
import { compilePeers, type PeerContract, readPublished } from "../peers/read-peer.js";
import type { GasMeter, Row } from "./gas-meter.js";

/** As many items as in the largest batch of our own relay. */
const RELAYED = 100;

const EAS = "@ethereum-attestation-service/eas-contracts/artifacts/contracts";
const EAS_SCHEMA = "string productId,bytes32 eventType,bytes32 document,uint256 condition";
const EAS_ATTEST = {
  Attest: [
    { name: "attester", type: "address" },
    { name: "schema", type: "bytes32" },
    { name: "recipient", type: "address" },
    { name: "expirationTime", type: "uint64" },
    { name: "revocable", type: "bool" },
    { name: "refUID", type: "bytes32" },
    { name: "data", type: "bytes" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
};

const TRADETRUST = "@tradetrust-tt/token-registry/dist/artifacts";

interface PeerOptions {
  readonly meter: GasMeter;
}

/**
 * Measures what others would do instead, on the chain on which the passport was measured.
 *
 * @param suite - whose accounts and chain are used
 * @param options - the `meter`
 * @returns a row for each operation that has a counterpart
 */
export async function measurePeers(suite: Suite, options: PeerOptions): Promise<readonly Row[]> {
  return [
    ...(await measureEas(suite, options)),
    ...(await measureTradeTrust(suite, options)),
    ...(await measurePlainContracts(suite, options)),
  ];
}

/** The Ethereum Attestation Service: attestations of 224 bytes that say what an entry of ours says. */
async function measureEas({ accounts, connection }: Suite, { meter }: PeerOptions): Promise<readonly Row[]> {
  const { admin, owner, technician, gateway: submitter } = accounts;
  const registry = await deploy(readPublished(`${EAS}/SchemaRegistry.sol/SchemaRegistry.json`), { by: admin });
  const published = readPublished(`${EAS}/EAS.sol/EAS.json`);
  const eas = await deploy(published, { by: admin, values: [await registry.getAddress()] });
  await send(registry, { by: admin, name: "register", values: [EAS_SCHEMA, ZeroAddress, true] });
  const schema = solidityPackedKeccak256(["string", "address", "bool"], [EAS_SCHEMA, ZeroAddress, true]);
  const domain = {
    name: "EAS",
    version: "1.4.0",
    chainId: (await connection.ethers.provider.getNetwork()).chainId,
    verifyingContract: await eas.getAddress(),
  };

  let serial = 0;
  const nextRequest = () => ({
    recipient: owner.address,
    expirationTime: 0n,
    revocable: true,
    refUID: ZeroHash,
    data: AbiCoder.defaultAbiCoder().encode(
      ["string", "bytes32", "bytes32", "uint256"],
      [productIdOf(++serial), nameOf("MAINTAINED"), documentOf(`document ${serial}`), 1n],
    ),
    value: 0n,
  });
  const attest = () => send(eas, { by: technician, name: "attest", values: [{ schema, data: nextRequest() }] });
  let nonce = 0n;
  const attestByDelegation = async () => {
    const data = nextRequest();
    const message = { ...data, schema, attester: technician.address, nonce: nonce++, deadline: NO_END };
    const { v, r, s } = Signature.from(await technician.signTypedData(domain, EAS_ATTEST, message));
    const request = { schema, data, signature: { v, r, s }, attester: technician.address, deadline: NO_END };
    return send(eas, { by: submitter, name: "attestByDelegation", values: [request] });
  };
  const multiAttest = () => {
    const requests = [{ schema, data: Array.from({ length: RELAYED }, nextRequest) }];
    return send(eas, { by: submitter, name: "multiAttest", values: [requests] });
  };

  await attestByDelegation();
  const measure = meter("eas");
  return [
    await measure({ operation: "append", transactions: [attest] }),
    await measure({ operation: "append-signed", transactions: [attestByDelegation] }),
    await measure({ operation: `append-relay-${RELAYED}`, transactions: [multiAttest], items: RELAYED }),
  ];
}

/** TradeTrust's token registry: a contract per document, with an owner and a holder. Remarks are left out. */
async function measureTradeTrust({ accounts }: Suite, { meter }: PeerOptions): Promise<readonly Row[]> {
  const { admin, owner, buyer, retailer } = accounts;
  const factory = await deploy(readPublished(`${TRADETRUST}/TitleEscrowFactory.sol/TitleEscrowFactory.json`), {
    by: admin,
  });
  const registry = await deploy(readPublished(`${TRADETRUST}/TradeTrustToken.sol/TradeTrustToken.json`), {
    by: admin,
    values: ["Products", "PRODUCT", await factory.getAddress()],
  });
  const escrowAbi = readPublished(`${TRADETRUST}/TitleEscrow.sol/TitleEscrow.json`).abi;
  let serial = 0;
  const mint = () =>
    send(registry, {
      by: admin,
      name: "mint",
      values: [owner.address, owner.address, id(productIdOf(++serial)), "0x"],
    });
  const transferOwners = (by: Signer, to: string) => async () => {
    const escrow = await factory.getFunction("getEscrowAddress")(await registry.getAddress(), id(productIdOf(serial)));
    const product = new Contract(escrow, escrowAbi);
    return send(product, { by, name: "transferOwners", values: [to, to, "0x"] });
  };

  await mint();
  const measure = meter("tradetrust");
  const create = await measure({ operation: "create", transactions: [mint] });
  await transferOwners(owner, retailer.address)();
  return [create, await measure({ operation: "transfer", transactions: [transferOwners(retailer, buyer.address)] })];
}

/** What a tutorial would do: a token with a URI, a full contract for each product, and OpenZeppelin's roles. */
async function measurePlainContracts({ accounts }: Suite, { meter }: PeerOptions): Promise<readonly Row[]> {
  const { admin, owner, buyer } = accounts;
  const { TokenWithUri, ContractPerProduct, RoleHolders } = compilePeers([
    "TokenWithUri",
    "ContractPerProduct",
    "RoleHolders",
  ]);
  const tokens = await deploy(TokenWithUri, { by: admin });
  const roles = await deploy(RoleHolders, { by: admin });
  let serial = 0;
  // As long as the address of a document on IPFS.
  const uriOf = (productId: string): string => `ipfs://${documentOf(productId).slice(2, 61)}`;
  const mint = () => {
    const productId = productIdOf(++serial);
    return send(tokens, { by: admin, name: "mint", values: [owner.address, id(productId), uriOf(productId)] });
  };
  const transfer = () =>
    send(tokens, {
      by: owner,
      name: "safeTransferFrom(address,address,uint256)",
      values: [owner.address, buyer.address, id(productIdOf(serial))],
    });
  const create = async () => {
    const productId = productIdOf(++serial);
    const product = await deploy(ContractPerProduct, { by: admin, values: [productId, owner, documentOf(productId)] });
    return deploymentOf(product);
  };
  const grant = () =>
    send(roles, { by: admin, name: "grantRole", values: [id("TECHNICIAN"), accounts.technician.address] });

  // The first products of both owners, so that the slots that count them are filled.
  await mint();
  await transfer();
  await mint();
  const measureToken = meter("erc721");
  return [
    await measureToken({ operation: "create", transactions: [mint] }),
    await measureToken({ operation: "transfer", transactions: [transfer] }),
    await meter("full-contract")({ operation: "create", transactions: [create] }),
    await meter("access-control")({ operation: "grant", transactions: [grant] }),
  ];
}

async function deploy(
  { abi, bytecode }: PeerContract,
  { by, values = [] }: { readonly by: Signer; readonly values?: readonly unknown[] },
): Promise<BaseContract> {
  const contract = await new ContractFactory(abi, bytecode, by).deploy(...values);
  return contract.waitForDeployment();
}

function deploymentOf(contract: BaseContract): ContractTransactionResponse {
  const transaction = contract.deploymentTransaction();
  if (transaction === null) throw new Error("It was not deployed here");
  return transaction;
}

/** Their functions have no types here: what is called wrongly reverts, and ends the measurement. */
function send(
  contract: BaseContract,
  { by, name, values }: { readonly by: Signer; readonly name: string; readonly values: readonly unknown[] },
): Promise<ContractTransactionResponse> {
  return contract
    .connect(by)
    .getFunction(name)
    .send(...values);
}
