import { expect } from "chai";
import { Wallet } from "ethers";
import { createProvider } from "../chain/create-provider.js";
import { isPassportError } from "../errors/passport-error.js";
import { createPassportClient, type PassportClientOptions } from "./create-passport-client.js";

const options: PassportClientOptions = {
  rpc: "http://127.0.0.1:1",
  chainId: 31_337n,
  registry: "0x0000000000000000000000000000000000007702",
};

describe("createPassportClient", () => {
  for (const [circumstance, change, field] of [
    ["an endpoint that is no URL", { rpc: "localhost" }, "RPC endpoint"],
    ["a chain id of zero", { chainId: 0n }, "chainId"],
    ["a mistyped registry", { registry: "0x70997970C51812dc3A010C7d01b50e0d17dc79c8" }, "registry"],
    ["a manager that is no address", { manager: "WEG" }, "manager"],
    ["a readings anchor that is no address", { readingsAnchor: "0x12" }, "readingsAnchor"],
    ["a relay that is no address", { attestationRelay: "0x12" }, "attestationRelay"],
  ] as const) {
    it(`${circumstance}: input.invalid, naming it`, () => {
      expect(() => createPassportClient({ ...options, ...change })).to.throw(`${field} is not valid`);
    });
  }

  it("nobody answers at the endpoint: made without asking, the first action is chain.unreachable", async () => {
    const client = createPassportClient(options);
    const task = client.readPassport({ passport: options.registry });
    const error = await task.catch((caught: unknown) => caught);
    expect(isPassportError(error, "chain.unreachable")).to.equal(true);
  });

  it("a wallet without a provider: connected to the client's; one with its own: left alone", () => {
    const provider = createProvider("http://127.0.0.1:2", { chainId: 31_337n });
    const wallet = Wallet.createRandom();
    const connected = createPassportClient({ ...options, signer: wallet });
    expect(connected.context.signer?.provider).to.equal(connected.context.provider);
    const own = wallet.connect(provider);
    expect(createPassportClient({ ...options, signer: own }).context.signer).to.equal(own);
    provider.destroy();
  });
});
