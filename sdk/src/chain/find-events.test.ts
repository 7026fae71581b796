import { expect } from "chai";
import { Log, type LogParams, ZeroHash } from "ethers";
import { isPassportError } from "../errors/passport-error.js";
import { parseAddress, parseBytes32 } from "../primitives/hex.js";
import { passportInterface } from "./contract-interfaces.js";
import { createProvider } from "./create-provider.js";
import { findEvent, findEvents } from "./find-events.js";

const passport = parseAddress("0x00000000000000000000000000000000000000aa");
const forger = parseAddress("0x00000000000000000000000000000000000000bb");
const transactionHash = parseBytes32(`0x${"12".repeat(32)}`);
const provider = createProvider("http://127.0.0.1:1", { chainId: 1n });

const logOf = (options: Partial<LogParams> & Pick<LogParams, "data" | "topics">): Log =>
  new Log(
    {
      address: passport,
      blockHash: ZeroHash,
      blockNumber: 1,
      index: 0,
      removed: false,
      transactionHash,
      transactionIndex: 0,
      ...options,
    },
    provider,
  );

const cancelled = (offerNonce: bigint) => passportInterface.encodeEventLog("OfferCancelled", [offerNonce]);
const query = { address: passport, contract: passportInterface, event: "OfferCancelled", transactionHash };

describe("findEvent", () => {
  after(() => provider.destroy());

  it("among foreign events, other events and unknown ones: the last one of the contract", () => {
    const logs = [
      logOf({ ...cancelled(1n) }),
      logOf({ ...passportInterface.encodeEventLog("LockPlaced", [forger, 5n]) }),
      logOf({ data: "0x", topics: [ZeroHash] }),
      logOf({ ...cancelled(2n) }),
      logOf({ ...cancelled(3n), address: forger }),
    ];
    expect(findEvent(logs, query).values).to.deep.equal({ offerNonce: 2n });
    expect(findEvents(logs, query).map(({ values }) => values["offerNonce"])).to.deep.equal([1n, 2n]);
  });

  it("only from somebody else: contract.event-missing", () => {
    const logs = [logOf({ ...cancelled(1n), address: forger })];
    const error = (() => {
      try {
        return findEvent(logs, query);
      } catch (caught) {
        return caught;
      }
    })();
    expect(isPassportError(error, "contract.event-missing")).to.equal(true);
  });
});
