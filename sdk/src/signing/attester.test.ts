import { expect } from "chai";
import { verifyTypedData, Wallet } from "ethers";
import { isPassportError } from "../errors/passport-error.js";
import { parseAddress } from "../primitives/hex.js";
import { accountAttester } from "./attester.js";
import { cancellationTypedData } from "./typed-data.js";

const wallet = new Wallet(`0x${"11".repeat(32)}`);
const typedData = cancellationTypedData({
  chainId: 31_337n,
  passport: parseAddress("0x00000000000000000000000000000000000000aa"),
  offerNonce: 1n,
});

describe("accountAttester", () => {
  it("of a wallet: its address, no key, and signatures that recover to it", async () => {
    const attester = await accountAttester(wallet);
    expect(attester.address).to.equal(wallet.address);
    expect(attester.signer).to.equal("0x");
    const { domain, types, message } = typedData;
    const signature = await attester.sign(typedData);
    const fields = Object.fromEntries(Object.entries(types).map(([name, list]) => [name, [...list]]));
    expect(verifyTypedData(domain, fields, { ...message }, signature)).to.equal(wallet.address);
  });

  it("in the name of a contract wallet: its address, the account's signature", async () => {
    const contractWallet = "0x0000000000000000000000000000000000007702";
    const attester = await accountAttester(wallet, { wallet: contractWallet });
    expect(attester.address).to.equal(contractWallet);
    expect(await attester.sign(typedData)).to.equal(await (await accountAttester(wallet)).sign(typedData));
  });

  it("a holder who refuses: signer.refused with his reason", async () => {
    const refusing = new Wallet(wallet.privateKey);
    refusing.signTypedData = async () => {
      throw new Error("user rejected action");
    };
    const attester = await accountAttester(refusing);
    const error = await attester.sign(typedData).catch((caught: unknown) => caught);
    expect(isPassportError(error, "signer.refused")).to.equal(true);
    expect(String(error)).to.include(wallet.address).and.to.include("user rejected action");
  });
});
