import { expect } from "chai";
import { ZeroHash } from "ethers";
import { isPassportError } from "../errors/passport-error.js";
import { parseAddress, parseBytes32, parseHex } from "../primitives/hex.js";
import { createMemoryJournal } from "./journal.js";
import { joinCandidates, readUnfinishedWork, type TransactionRecord } from "./submission-records.js";

const OWNER = { kind: "tests", chainId: 1n, genesis: parseBytes32(ZeroHash) };
const SENDER = parseAddress("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359");

const accepted = (id: string, payload = id) => ({ type: "item", id, orderedBy: id, payload });
const signed = (nonce: number, ids: readonly string[], version = 0): TransactionRecord => ({
  type: "transaction",
  sender: SENDER,
  nonce,
  hash: parseBytes32(`0x${String(nonce).padStart(63, "0")}${version}`),
  raw: parseHex(`0x0${version}`),
  ids,
});
const hashOf = ({ hash }: TransactionRecord) => hash;

describe("readUnfinishedWork", () => {
  it("of a new journal: nothing, and the journal belongs to its owner from then on", async () => {
    const journal = createMemoryJournal();
    expect((await readUnfinishedWork(journal, OWNER)).items.size).to.equal(0);
    for (const other of [{ kind: "others" }, { chainId: 2n }, { genesis: parseBytes32(`0x${"11".repeat(32)}`) }]) {
      const error = await readUnfinishedWork(journal, { ...OWNER, ...other }).catch((caught: unknown) => caught);
      expect(isPassportError(error, "journal.foreign"), JSON.stringify(error)).to.equal(true);
    }
    await readUnfinishedWork(journal, OWNER);
  });

  it("of items in every state: those that are neither final nor refused, with their transactions", async () => {
    const journal = createMemoryJournal();
    await readUnfinishedWork(journal, OWNER);
    const [first, second] = [signed(1, ["final"]), signed(2, ["sent"])];
    await journal.append(["final", "sent", "bad", "mended", "waiting"].map((id) => accepted(id)));
    await journal.append([first, second, { type: "refused", id: "bad", code: "c", message: "m" }]);
    await journal.append([{ type: "refused", id: "mended", code: "c", message: "m" }, accepted("mended", "anew")]);
    await journal.append([{ type: "final", hashes: [hashOf(first)], ids: ["final"] }]);
    const { items, transactions, refused } = await readUnfinishedWork(journal, OWNER);
    expect([...items.keys()]).to.deep.equal(["sent", "waiting", "mended"]);
    expect(items.get("mended")?.payload).to.equal("anew");
    expect([...transactions.keys()]).to.deep.equal([hashOf(second)]);
    expect([...refused]).to.deep.equal(["bad"]);
  });

  it("of a record that no submitter writes: journal.damaged", async () => {
    const journal = createMemoryJournal();
    await journal.append([{ type: "item", id: 7 }]);
    const error = await readUnfinishedWork(journal, OWNER).catch((caught: unknown) => caught);
    expect(isPassportError(error, "journal.damaged")).to.equal(true);
  });
});

describe("joinCandidates", () => {
  it("of a nonce that was signed for twice: both hashes, and the bytes of the last one", () => {
    const joined = joinCandidates([signed(7, ["b"]), signed(5, ["a"]), signed(5, ["a"], 1)]);
    expect(joined.map(({ transaction }) => transaction.nonce)).to.deep.equal([5, 7]);
    expect(joined[0]?.transaction.hashes).to.deep.equal([hashOf(signed(5, [])), hashOf(signed(5, [], 1))]);
    expect(joined[0]?.transaction.raw).to.equal("0x01");
  });
});
