import type { Provider } from "ethers";
import * as z from "zod";
import { askNode } from "../chain/ask-node.js";
import { createQuorum } from "../chain/create-quorum.js";
import { endpointOf } from "../chain/endpoint-of.js";
import { requireChain } from "../chain/require-chain.js";
import type { DocumentSchemas } from "../document/schemas/envelope.js";
import type { ReadingContext } from "../passport/context.js";
import { type BlockLevel, readAtBlock } from "../passport/read-at-block.js";
import type { PassportOption } from "../passport/resolve-passport.js";
import { computersClock } from "../primitives/computers-clock.js";
import { type Address, type Bytes32, bytes32Schema, parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import type { Basis } from "./basis.js";
import type { ChainView } from "./chain-view.js";
import { gather } from "./gather.js";
import { gatherSubject, parseSubject, reportOnMissing } from "./gather-subject.js";
import { judgePassport, type VerificationReport } from "./judge-passport.js";
import { readAtTrustedBlock } from "./read-at-trusted-block.js";
import { viewOfNode } from "./view-of-node.js";

/** What a verification works on. */
export interface VerificationContext extends Pick<ReadingContext, "provider" | "chainId"> {
  /**
   * Further nodes, of people who do not depend on each other. With them, only that is believed which more than half of
   * all nodes say alike, and who says otherwise is named. Not needed, and not asked, where `blockHash` is given.
   */
  readonly witnesses?: readonly Provider[] | undefined;
  /** How many nodes must say the same; more than half of them if left out. */
  readonly requiredAgreement?: number | undefined;
  /** The registry that the caller relies on. Without one, nobody can say whether a passport is genuine. */
  readonly registry?: Address | undefined;
  /** Where documents are; without one, they are not judged. */
  readonly store?: ReadingContext["store"];
  /** Returns the present time in Unix seconds; the computer's clock if left out. */
  readonly clock?: (() => bigint) | undefined;
}

/** What is verified, and how. */
export interface VerifyPassportOptions extends PassportOption {
  /** The product in front of the caller, if he names the passport by its address. */
  readonly productId?: string | undefined;
  /** Hash of the code that passports must run, if the caller has it from elsewhere than the registry. */
  readonly implementationCodeHash?: string | undefined;
  /** How settled the block must be that is read; `sequenced` if left out. */
  readonly level?: BlockLevel | undefined;
  /**
   * Hash of a block that the caller knows to be of the chain, from a source of his own. With it, the node is not
   * believed in anything: all that it says is proven under this hash.
   */
  readonly blockHash?: string | undefined;
  /** First block that is searched for entries; 0 if left out. */
  readonly fromBlock?: bigint | undefined;
  /**
   * How old the block may be that is read, in seconds; an hour if left out, ten days if the block is named by its hash.
   * A chain without traffic needs more.
   */
  readonly maximumAgeSeconds?: bigint | undefined;
  /** Whether the files that documents list are fetched and compared, too; no if left out, for they may be large. */
  readonly withAttachments?: boolean | undefined;
  /** Schemas of the documents; the suite's own if left out. */
  readonly schemas?: DocumentSchemas | undefined;
}

const DEFAULT_MAXIMUM_AGE_SECONDS = 3_600n;

/** The parent chain of Arbitrum confirms a block after some six days and a half; a hash from there is that old. */
export const DEFAULT_MAXIMUM_AGE_OF_PROOF_SECONDS = 864_000n;

const settingsSchema = z
  .object({
    implementationCodeHash: bytes32Schema.optional(),
    blockHash: bytes32Schema.optional(),
    level: z.enum(["sequenced", "safe", "finalized"]).optional(),
    fromBlock: z.bigint().nonnegative().default(0n),
    withAttachments: z.boolean().default(false),
    maximumAgeSeconds: z.bigint().nonnegative().optional(),
  })
  .refine(({ blockHash, level }) => blockHash === undefined || level === undefined, {
    error: "a block that is named by its hash has no level to be chosen",
    path: ["level"],
  });

/**
 * Verifies a passport, trusting neither the node nor the store: what they return is compared with what the caller pins
 * (chain id and registry) and with itself. Nothing that goes wrong on the way is taken for a forgery, and no forgery
 * for an outage. A single node that lies consistently about the whole chain cannot be found out by asking it alone:
 * whoever wants more asks several (`witnesses`), or names the hash of a block that he trusts (`blockHash`).
 *
 * @param context - `provider`, `chainId`; `registry` and `store` to judge registration and documents
 * @param options - the passport, by its address or by the URL of its product
 * @returns a verdict on each question, and what a buyer should know besides
 * @throws PassportError `input.invalid`, `identifier.*` for what the caller passed; never for what was found
 *
 * @example
 * ```ts
 * const report = await verifyPassport(context, { passport: "https://id.weg.example/01/09521234543213/21/W22-000001" });
 * for (const [question, { status, reason }] of Object.entries(report.verdicts)) console.log(question, status, reason);
 * ```
 */
export async function verifyPassport(
  context: VerificationContext,
  options: VerifyPassportOptions,
): Promise<VerificationReport> {
  const { chainId, store, clock = computersClock } = context;
  const { schemas } = options;
  const registry = context.registry && parseAddress(context.registry, { field: "registry" });
  const subject = parseSubject(options, registry);
  const settings = parseInput(settingsSchema, options, { field: "options" });
  const { implementationCodeHash, blockHash, level = "sequenced", fromBlock, withAttachments } = settings;
  const maximumAgeSeconds =
    settings.maximumAgeSeconds ??
    (blockHash === undefined ? DEFAULT_MAXIMUM_AGE_SECONDS : DEFAULT_MAXIMUM_AGE_OF_PROOF_SECONDS);

  const { provider, basis } = blockHash === undefined ? askedNodes(context) : trustedBlock(context, blockHash);
  const read = (view: ChainView) =>
    gatherSubject({ chainId, view, registry, store, schemas, withAttachments }, subject, { maximumAgeSeconds, clock });
  const evidence = await gather(async () => {
    await askNode(provider, () => requireChain(provider, { chainId }));
    if (blockHash !== undefined) return await readAtTrustedBlock(provider, { blockHash, fromBlock, read });
    return await readAtBlock(provider, {
      level,
      read: (block) => read(viewOfNode(provider, { block, level, fromBlock, basis })),
    });
  });
  if (evidence.status === "missing") return reportOnMissing(evidence, { subject, basis: basis() });
  const productId = options.productId ?? subject.productId;
  return judgePassport(evidence.value, { productId, implementationCodeHash, schemas, maximumAgeSeconds, now: clock() });
}

/** Who is asked, and on whose word the answers rest. */
interface Asked {
  readonly provider: Provider;
  readonly basis: () => Basis;
}

function askedNodes({ provider, chainId, witnesses = [], requiredAgreement }: VerificationContext): Asked {
  if (witnesses.length === 0) return { provider, basis: () => ({ kind: "node", endpoint: endpointOf(provider) }) };
  const quorum = createQuorum([provider, ...witnesses], { chainId, required: requiredAgreement });
  const { required } = quorum;
  return { provider: quorum.provider, basis: () => ({ kind: "quorum", required, witnesses: quorum.witnesses() }) };
}

function trustedBlock({ provider }: VerificationContext, blockHash: Bytes32): Asked {
  return { provider, basis: () => ({ kind: "proof", blockHash, isTrusted: true }) };
}
