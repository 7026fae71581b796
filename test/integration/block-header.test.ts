import { expect } from "chai";
import { keccak256, toBeHex } from "ethers";
import { network } from "hardhat";
import { blockHeaderOf } from "../../sdk/src/chain/block-header.js";
import { verifyAccountProof } from "../../sdk/src/chain/verify-account-proof.js";
import { verifyStorageProof } from "../../sdk/src/chain/verify-storage-proof.js";
import { deploySuite } from "../support/deploy-suite.js";
import { recordMotor } from "../support/recorded-motor.js";
import { startAnvil } from "../support/start-anvil.js";

/** Asks a node as it is, without a library that leaves fields out. */
// biome-ignore lint/suspicious/noExplicitAny: what a node answers has as many forms as it has methods.
type Ask = (method: string, ...params: readonly unknown[]) => Promise<any>;

const HARDFORKS = ["london", "shanghai", "cancun", "prague", "osaka"] as const;

/** Anvil answers before it has mined. */
const receiptOf = async (ask: Ask, transaction: string): ReturnType<Ask> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    const receipt = await ask("eth_getTransactionReceipt", transaction);
    if (receipt !== null) return receipt;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("anvil does not mine");
};

describe("blockHeaderOf, blocks of the chains for development", () => {
  it("of Hardhat's chain, gives their hashes, and the state root proves accounts and slots", async () => {
    const connection = await network.create();
    const ask: Ask = (method, ...params) => connection.provider.request({ method, params });
    const { passport } = await recordMotor(await deploySuite(connection));
    const block = await ask("eth_getBlockByNumber", "latest", false);
    const header = blockHeaderOf(block);
    expect(header.hash).to.equal(block.hash);

    const address = await passport.getAddress();
    const slots = [2n, 3n, 1_000n];
    const answer = await ask(
      "eth_getProof",
      address,
      slots.map((slot) => toBeHex(slot, 32)),
      block.number,
    );
    const account = verifyAccountProof(header.stateRoot, { address, proof: answer.accountProof });
    expect(account?.codeHash).to.equal(keccak256((await passport.getDeployedCode()) ?? "0x"));
    const words = slots.map((slot, index) =>
      verifyStorageProof(account?.storageRoot ?? expect.fail(), { slot, proof: answer.storageProof[index].proof }),
    );
    expect(words).to.deep.equal([
      BigInt(await passport.head()),
      BigInt(await ask("eth_getStorageAt", address, "0x3", "latest")),
      0n,
    ]);

    const nobody = `0x${"12".repeat(20)}`;
    const absent = await ask("eth_getProof", nobody, [], block.number);
    expect(verifyAccountProof(header.stateRoot, { address: nobody, proof: absent.accountProof })).to.equal(undefined);
  });

  for (const hardfork of HARDFORKS) {
    it(`of anvil with the rules of ${hardfork}, gives their hashes, and the state root proves accounts and slots`, async () => {
      const anvil = await startAnvil({ hardfork });
      try {
        const [sender] = await anvil.ask("eth_accounts");
        // Its constructor writes 7 into slot 1 and 8 into slot 2, and returns one byte of code.
        const transaction = await anvil.ask("eth_sendTransaction", {
          from: sender,
          data: "0x600760015560086002556001601ff3",
          gas: "0x30d40",
        });
        const { contractAddress: address, blockHash } = await receiptOf(anvil.ask, transaction);
        const block = await anvil.ask("eth_getBlockByHash", blockHash, false);
        const header = blockHeaderOf(block);
        expect(header.hash).to.equal(blockHash);

        const answer = await anvil.ask("eth_getProof", address, [toBeHex(1, 32), toBeHex(3, 32)], block.number);
        const account = verifyAccountProof(header.stateRoot, { address, proof: answer.accountProof });
        const words = [1n, 3n].map((slot, index) =>
          verifyStorageProof(account?.storageRoot ?? expect.fail(), { slot, proof: answer.storageProof[index].proof }),
        );
        expect(words).to.deep.equal([7n, 0n]);
      } finally {
        await anvil.stop();
      }
    });
  }
});
