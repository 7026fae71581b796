import { concat } from "ethers";
import type { HostileContract } from "../../../types/ethers-contracts/index.js";
import { attesterOf } from "../../support/signing.js";

/** Somebody whose signatures a hostile contract judges. */
export interface HostileSigner {
  readonly name: string;
  /** What a contract answers that accepts a signature. */
  readonly acceptance: string;
  /** Whether what stands behind a good answer spoils it. */
  readonly isLengthExact: boolean;
  readonly create: (hostile: HostileContract) => Promise<{ readonly address: string; readonly signer: string }>;
}

/** A contract wallet. */
const hostileWallet: HostileSigner = {
  name: "contract wallet",
  acceptance: "0x1626ba7e",
  isLengthExact: false,
  create: async (hostile) => ({ address: await hostile.getAddress(), signer: "0x" }),
};

/** A verifier of keys in ERC-7913 form. */
export const hostileVerifier: HostileSigner = {
  name: "verifier of keys",
  acceptance: "0x024ad318",
  isLengthExact: true,
  create: async (hostile) => {
    const signer = concat([await hostile.getAddress(), "0x1234"]);
    return { address: attesterOf(signer), signer };
  },
};

/** Both. */
export const HOSTILE_SIGNERS = [hostileWallet, hostileVerifier] as const;
