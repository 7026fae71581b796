import { PassportError } from "../errors/passport-error.js";
import { requireSigner, type WritingContext } from "../passport/context.js";
import { parseAddress, parseHex } from "../primitives/hex.js";
import { askHolder } from "../signing/ask-holder.js";
import { checkProposal } from "./check-proposal.js";
import { type Proposal, transactionOf } from "./proposal.js";
import { safeTypedData } from "./safe-transaction.js";

/**
 * Signs a proposal in the name of an owner of the Safe. Say with `describeOperation` what it will change before.
 *
 * @param context - `provider`, `chainId`, `registry`, `signer`: the owner's account
 * @param proposal - compared with the chain before it is signed
 * @returns the proposal with one more signature; the same if the owner has signed already
 * @throws PassportError `proposal.unfit`, `signer.missing`, `signer.refused`, `chain.*`
 */
export async function signProposal(context: WritingContext, proposal: Proposal): Promise<Proposal> {
  const signer = requireSigner(context, { action: "sign a proposal" });
  const { safe, signatures } = await checkProposal(context, proposal);
  const owner = parseAddress(await askHolder("the signer", () => signer.getAddress()));
  if (!safe.owners.includes(owner)) {
    throw new PassportError("proposal.unfit", { problem: `${owner} is no owner of the Safe ${proposal.safe}` });
  }
  if (signatures.some((signature) => signature.owner === owner)) return proposal;
  const { domain, message, types } = safeTypedData(transactionOf(proposal));
  const signature = parseHex(await askHolder(owner, () => signer.signTypedData(domain, types, message)));
  return { ...proposal, signatures: [...proposal.signatures, signature] };
}
