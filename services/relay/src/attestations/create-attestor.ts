import {
  type Item,
  type ItemReceipt,
  isPassportError,
  type Journal,
  PassportError,
  parseSignedAttestation,
  type SignedAttestation,
  type SubmittedAttestation,
  typedDataOfSigned,
} from "@digital-product-passport/sdk";
import { type AttestationRecord, attestationRecordSchema } from "./attestation-records.js";
import { type Draft, draftSchema } from "./draft.js";

/** What became of an entry that was decided. */
export interface AttestationProgress {
  readonly kind: Draft["kind"];
  readonly productId: string;
  readonly status: "decided" | "sequenced" | "final" | "refused";
  /** Why it was refused. */
  readonly error?: PassportError | undefined;
}

/** What brings entries on chain; see `Submitter`. */
export interface AttestationSubmitter {
  readonly submit: (item: Item<SignedAttestation>) => Promise<boolean>;
}

/** Who signs, and who submits. */
export interface AttestorOptions {
  readonly journal: Journal;
  /** Signs for the gateway; outages are waited out by whoever gives it. */
  readonly sign: (draft: Draft) => Promise<SignedAttestation>;
  readonly onProgress: (progress: AttestationProgress) => void;
}

/** Has entries recorded on passports, each once. */
export interface Attestor {
  /** Takes what a step leads to. Fulfilled when it is durable; a step that was taken before is left alone. */
  readonly take: (step: number, drafts: readonly unknown[]) => Promise<void>;
  /** Signs and submits what is waiting, until the signal; whatever fails ends it. */
  readonly run: (submitter: AttestationSubmitter, signal: AbortSignal) => Promise<void>;
  /** Told by the submitter what becomes of an entry. */
  readonly hear: (receipt: ItemReceipt<SubmittedAttestation>) => Promise<void>;
  /** Entries that are decided and not final. */
  readonly pending: () => number;
  /** Those of them that the submitter does not have yet. */
  readonly unsubmitted: () => number;
}

interface Waiting extends Draft {
  readonly id: string;
  signed: SignedAttestation | undefined;
  isSubmitted: boolean;
}

const COMPACTION_BYTES = 4_000_000;

/**
 * Goes on with what an earlier run has left in the journal. A draft is durable before it is signed, and the signature
 * before it is submitted: after a crash the same signature is submitted again, which its passport takes once.
 *
 * @param options - journal, signer
 * @returns the attestor
 * @throws PassportError `journal.damaged`, `journal.unusable`
 */
export async function createAttestor(options: AttestorOptions): Promise<Attestor> {
  const { journal, sign, onProgress } = options;
  const { waiting, step } = await recover(journal);
  let lastStep = step;
  let wake: () => void = () => undefined;
  let compactedBytes = 0;
  const append = async (record: AttestationRecord): Promise<void> => await journal.append([record]);
  const bySignature = new Map<string, Waiting>();
  const know = (entry: Waiting, signed: SignedAttestation): string => {
    const { digest } = typedDataOfSigned(signed);
    entry.signed = signed;
    bySignature.set(digest, entry);
    return digest;
  };
  for (const entry of waiting.values()) if (entry.signed !== undefined) know(entry, entry.signed);

  const advance = async (entry: Waiting, submitter: AttestationSubmitter): Promise<void> => {
    const signed = entry.signed ?? (await sign(entry));
    // Safety: what is signed is plain JSON.
    if (entry.signed === undefined) await append({ type: "signed", id: entry.id, signed: signed as never });
    const digest = know(entry, signed);
    entry.isSubmitted = true;
    await submitter.submit({ id: digest, orderedBy: signed.passport, payload: signed });
  };
  const compact = async (): Promise<void> => {
    if (journal.size() < Math.max(COMPACTION_BYTES, 2 * compactedBytes)) return;
    await journal.compact((value) => {
      // Safety: nothing but the attestor writes its journal, and recovering has checked every record.
      const record = value as AttestationRecord;
      if (record.type === "done") return false;
      if (record.type === "signed") return waiting.has(record.id);
      return record.step === lastStep || record.drafts.some(({ id }) => waiting.has(id));
    });
    compactedBytes = journal.size();
  };

  return {
    pending: () => waiting.size,
    unsubmitted: () => [...waiting.values()].filter(({ isSubmitted }) => !isSubmitted).length,
    take: async (number, drafts) => {
      if (number <= lastStep) return;
      const named = drafts.map((draft, index) => ({ ...draftSchema.parse(draft), id: `${number}.${index}` }));
      if (named.length > 0) await append({ type: "taken", step: number, drafts: named });
      lastStep = number;
      for (const draft of named) {
        waiting.set(draft.id, { ...draft, signed: undefined, isSubmitted: false });
        onProgress({ kind: draft.kind, productId: draft.productId, status: "decided" });
      }
      wake();
    },
    run: async (submitter, signal) => {
      for (const entry of waiting.values()) entry.isSubmitted = false;
      const onAbort = (): void => wake();
      signal.addEventListener("abort", onAbort);
      try {
        while (!signal.aborted) {
          const entry = [...waiting.values()].find(({ isSubmitted }) => !isSubmitted);
          if (entry !== undefined) await advance(entry, submitter);
          else {
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (signal.aborted) resolve();
            });
          }
        }
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
    hear: async (receipt) => {
      const entry = bySignature.get(receipt.id);
      if (entry === undefined || receipt.status === "safe") return;
      const { id, kind, productId } = entry;
      if (receipt.status === "sequenced") return onProgress({ kind, productId, status: "sequenced" });
      if (receipt.status === "refused") {
        onProgress({ kind, productId, status: "refused", error: receipt.error });
        // The chain has looked: it is not recorded, and with this signature it never will be.
        if (isPassportError(receipt.error, "contract.digital-passport-expired")) {
          bySignature.delete(receipt.id);
          Object.assign(entry, { signed: undefined, isSubmitted: false });
          wake();
        }
        return;
      }
      await append({ type: "done", id });
      waiting.delete(id);
      bySignature.delete(receipt.id);
      onProgress({ kind, productId, status: "final" });
      await compact();
    },
  };
}

async function recover(journal: Journal) {
  const waiting = new Map<string, Waiting>();
  let step = 0;
  const read = (record: AttestationRecord): void => {
    if (record.type === "taken") {
      step = Math.max(step, record.step);
      for (const draft of record.drafts) waiting.set(draft.id, { ...draft, signed: undefined, isSubmitted: false });
    } else if (record.type === "done") waiting.delete(record.id);
    else {
      const entry = waiting.get(record.id);
      if (entry !== undefined) entry.signed = parseSignedAttestation(record.signed);
    }
  };
  for await (const value of journal.read()) {
    const parsed = attestationRecordSchema.safeParse(value);
    if (!parsed.success) {
      const problem = `it has a record of an unknown form: ${parsed.error.message}`;
      throw new PassportError("journal.damaged", { journal: journal.name, line: 1, problem });
    }
    read(parsed.data);
  }
  return { waiting, step };
}
