import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  accountAttester,
  createMemoryStore,
  createPassportClient,
  createProvider,
  initialGatewayHead,
  parseAddress,
} from "@digital-product-passport/sdk";
import { expect } from "chai";
import { Wallet } from "ethers";
import { connectChain } from "./connect-chain.js";

const chainId = 31_337n;
const readingsAnchor = parseAddress(`0x${"11".repeat(20)}`);

describe("connectChain, on a young chain", () => {
  let node: Server;

  before(async () => {
    // A node whose block has no contract at any address.
    node = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { id } = JSON.parse(Buffer.concat(chunks).toString());
      response.end(JSON.stringify({ jsonrpc: "2.0", id, result: "0x" }));
    }).listen(0, "127.0.0.1");
    await once(node, "listening");
  });
  after(() => node.close());

  it("readPosition, while the deployment of the contract is not final, has no batch that is final", async () => {
    // Safety: a server that listens on a port has one.
    const { port } = node.address() as AddressInfo;
    const provider = createProvider(`http://127.0.0.1:${port}`, { chainId });
    const store = createMemoryStore();
    const { context } = createPassportClient({ rpc: provider, chainId, registry: readingsAnchor, store });
    const gateway = await accountAttester(Wallet.createRandom());
    const chain = connectChain({ context: { ...context, store, readingsAnchor }, gateway, deadlineSeconds: 60 });
    const head = initialGatewayHead({ chainId, readingsAnchor, gateway: gateway.address });
    expect(await chain.readPosition("finalized")).to.deep.equal({ sequence: 0, head });
    const refusal = await chain.readPosition("sequenced").catch((error: unknown) => error);
    expect(refusal).to.have.property("code", "chain.no-contract");
    provider.destroy();
  });
});
