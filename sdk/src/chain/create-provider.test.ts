import { expect } from "chai";
import { createProvider } from "./create-provider.js";
import { endpointOf } from "./endpoint-of.js";

describe("createProvider", () => {
  it("an endpoint: polls five times a second and caches nothing", () => {
    const provider = createProvider("http://127.0.0.1:8545", { chainId: 31_337n });
    expect(provider.pollingInterval).to.equal(200);
    expect(provider._getOption("cacheTimeout")).to.equal(-1);
    expect(provider._network.chainId).to.equal(31_337n);
    provider.destroy();
  });

  for (const url of ["", "127.0.0.1:8545", "ftp://example.org", "wss://example.org"]) {
    it(`"${url}": input.invalid`, () => {
      expect(() => createProvider(url, { chainId: 1n })).to.throw("RPC endpoint is not valid");
    });
  }
});

describe("endpointOf", () => {
  it("a URL with a key in its path: its origin alone", () => {
    const provider = createProvider("https://rpc.example.org/v3/secret-key", { chainId: 1n });
    expect(endpointOf(provider)).to.equal("https://rpc.example.org");
    provider.destroy();
  });
});
