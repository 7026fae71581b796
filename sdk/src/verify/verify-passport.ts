import type { Provider } from "ethers";
import * as z from "zod";
import { askNode } from "../chain/ask-node.js";
import { requireChain } from "../chain/require-chain.js";
import type { DocumentSchemas } from "../document/schemas/envelope.js";
import { isPassportError, PassportError } from "../errors/passport-error.js";
import { type ProductId, parseProductId } from "../identifier/parse-product-id.js";
import type { ReadingContext } from "../passport/context.js";
import { findPassport } from "../passport/find-passport.js";
import { type BlockLevel, readAtBlock } from "../passport/read-at-block.js";
import type { PassportOption } from "../passport/resolve-passport.js";
import { type Address, bytes32Schema, parseAddress } from "../primitives/hex.js";
import { parseInput } from "../primitives/parse-input.js";
import { gather } from "./gather.js";
import { gatherEvidence } from "./gather-evidence.js";
import { judgePassport, reportOf, type Verdicts, type VerificationReport } from "./judge-passport.js";
import { type MissingEvidence, type Verdict, verdictOf, verdictOnMissing } from "./verdict.js";

/** What a verification works on. */
export interface VerificationContext extends Pick<ReadingContext, "provider" | "chainId"> {
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
  /** First block that is searched for entries; 0 if left out. */
  readonly fromBlock?: bigint | undefined;
  /** How old the node's last block may be, in seconds; an hour if left out. A chain without traffic needs more. */
  readonly maximumAgeSeconds?: bigint | undefined;
  /** Whether the files that documents list are fetched and compared, too; no if left out, for they may be large. */
  readonly withAttachments?: boolean | undefined;
  /** Schemas of the documents; the suite's own if left out. */
  readonly schemas?: DocumentSchemas | undefined;
}

const DEFAULT_MAXIMUM_AGE_SECONDS = 3_600n;

const settingsSchema = z.object({
  implementationCodeHash: bytes32Schema.optional(),
  level: z.enum(["sequenced", "safe", "finalized"]).default("sequenced"),
  fromBlock: z.bigint().nonnegative().default(0n),
  withAttachments: z.boolean().default(false),
  maximumAgeSeconds: z.bigint().nonnegative().default(DEFAULT_MAXIMUM_AGE_SECONDS),
});

/**
 * Verifies a passport, trusting neither the node nor the store: what they return is compared with what the caller pins
 * (chain id and registry) and with itself. Nothing that goes wrong on the way is taken for a forgery, and no forgery
 * for an outage. A single node that lies consistently about the whole chain cannot be found out by asking it alone.
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
  const { provider, chainId, store, clock = computersClock } = context;
  const { schemas } = options;
  const registry = context.registry && parseAddress(context.registry, { field: "registry" });
  const subject = parseSubject(options, registry);
  const { implementationCodeHash, maximumAgeSeconds, ...reading } = parseInput(settingsSchema, options, {
    field: "options",
  });

  const evidence = await gather(async () => {
    await askNode(provider, () => requireChain(provider, { chainId }));
    return await readAtBlock(provider, {
      level: reading.level,
      read: async (block) => {
        const requireRecent = (cause?: unknown) => {
          const ageSeconds = clock() - block.timestamp;
          if (reading.level === "sequenced" && ageSeconds <= maximumAgeSeconds) return;
          throw new PassportError("chain.block-too-old", { ageSeconds }, { cause });
        };
        // Only a recent block can know that there is no passport.
        const passport = await locate(subject, { provider, block: block.number }).catch((error: unknown) => {
          if (isPassportError(error, "passport.not-found")) requireRecent(error);
          throw error;
        });
        const gathered = await gatherEvidence(
          { provider, chainId, registry, store, schemas, block, ...reading },
          passport,
        );
        if (gathered.code.length === 2) requireRecent();
        return gathered;
      },
    });
  });
  if (evidence.status === "missing") return reportOnMissing(evidence, subject);
  const productId = options.productId ?? subject.productId;
  return judgePassport(evidence.value, { productId, implementationCodeHash, schemas, maximumAgeSeconds, now: clock() });
}

/** The passport by its address, or by its product in a registry. */
type Subject =
  | { readonly address: Address; readonly productId?: undefined }
  | { readonly productId: ProductId; readonly registry: Address };

function parseSubject({ passport }: PassportOption, registry: Address | undefined): Subject {
  if (!/^https:/i.test(passport)) return { address: parseAddress(passport, { field: "passport" }) };
  const { productId } = parseProductId(passport);
  if (registry !== undefined) return { productId, registry };
  throw new PassportError("input.invalid", {
    field: "registry",
    problem: "a product can only be looked up in a registry that you rely on",
    value: undefined,
  });
}

async function locate(
  subject: Subject,
  { provider, block }: { readonly provider: Provider; readonly block: bigint },
): Promise<Address> {
  if ("address" in subject) return subject.address;
  const { registry, productId } = subject;
  return await findPassport({ provider, registry }, { productId, block });
}

/** Nothing could be read: that is no verdict on the passport, except where the registry has none. */
function reportOnMissing(missing: MissingEvidence, subject: Subject): VerificationReport {
  if ("registry" in subject && missing.code === "passport.not-found") {
    return reportOf(
      everyVerdict(verdictOf("passport.none", {}), verdictOf("registration.not-issued", subject)),
      undefined,
    );
  }
  const unknown = verdictOnMissing(missing);
  return reportOf(everyVerdict(unknown, unknown), undefined);
}

function everyVerdict(verdict: Verdict, registration: Verdict): Verdicts {
  return {
    registration,
    history: verdict,
    documents: verdict,
    authority: verdict,
    condition: verdict,
    succession: verdict,
    freshness: verdict,
  };
}

function computersClock(): bigint {
  return BigInt(Math.floor(Date.now() / 1_000));
}
