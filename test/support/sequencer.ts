import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { Transaction } from "ethers";
import { createRandom } from "./random.js";

/** How long Arbitrum's sequencer keeps a transaction whose nonce is too high. */
const NONCE_HOLD_MILLISECONDS = 1_000;
const RECEIPT_POLLING_MILLISECONDS = 3;

/** How probable it is that a request gets no good answer. */
export interface SequencerFaults {
  /** A transaction never arrives, and the connection breaks. */
  readonly lostBefore?: number;
  /** A transaction is sequenced, and the connection breaks before anybody hears of it. */
  readonly lostAfter?: number;
  /** 429, for any request. */
  readonly tooManyRequests?: number;
  /** 503, for any request. */
  readonly serverError?: number;
  /** The answer takes its time, for any request. */
  readonly slow?: number;
}

/** A sequencer in front of a node. */
export interface Sequencer {
  readonly url: string;
  /** How often each fault has happened, and `sequenced`, `tooLow`, `tooHigh`, `held` for transactions. */
  readonly counts: ReadonlyMap<string, number>;
  readonly setFaults: (faults: SequencerFaults) => void;
  /** Throws out the last blocks; with `isReplaced`, empty ones take their place. */
  readonly rollBack: (blocks: number, options: { readonly isReplaced: boolean }) => Promise<void>;
  /** Makes empty blocks. */
  readonly mine: (blocks: number) => Promise<void>;
  /** Makes an empty block again and again, as others' traffic does; returns what ends it. */
  readonly keepMining: (milliseconds: number) => () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface RpcRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

type RpcAnswer = { readonly result: unknown } | { readonly error: { readonly code: number; readonly message: string } };

/**
 * Makes of anvil what Arbitrum's sequencer is like: there is no mempool. A transaction is answered when it is sequenced,
 * first come, first served; one that is too early is kept for a second, then refused; nothing is ever replaced; `pending`
 * is `latest`. Its faults are the same for the same seed and the same requests.
 *
 * @param node - endpoint of anvil, which mines each transaction at once
 * @param options - seed and faults
 * @returns the sequencer
 */
export async function startSequencer(
  node: string,
  options: { readonly seed: number; readonly faults?: SequencerFaults },
): Promise<Sequencer> {
  const random = createRandom(options.seed);
  let faults = options.faults ?? {};
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const happens = (fault: keyof SequencerFaults): boolean => {
    const isHappening = random.chance(faults[fault] ?? 0);
    if (isHappening) count(fault);
    return isHappening;
  };

  const ask = async (method: string, params: readonly unknown[]): Promise<RpcAnswer> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(node, { method: "POST", body, headers: { "content-type": "application/json" } });
    // Safety: anvil speaks JSON-RPC.
    return (await response.json()) as RpcAnswer;
  };
  const tell = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const answer = await ask(method, params);
    if ("error" in answer) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  };

  /** One transaction, or one rollback, after the other. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const done = turn.then(task);
    turn = done.catch(() => undefined);
    return done;
  };

  const nonceOf = async (account: string): Promise<number> =>
    Number(await tell("eth_getTransactionCount", [account, "latest"]));

  const sequence = async (raw: string): Promise<RpcAnswer> => {
    const { from, nonce } = Transaction.from(raw);
    const deadline = Date.now() + NONCE_HOLD_MILLISECONDS;
    for (let isHeld = false; ; isHeld = true) {
      const answer = await inTurn(() => admit(raw, { account: from ?? "", nonce, isOverdue: Date.now() >= deadline }));
      if (answer !== undefined) return answer;
      if (!isHeld) count("held");
      await setTimeout(RECEIPT_POLLING_MILLISECONDS);
    }
  };

  /** Undefined: it has to wait for the transactions before it. */
  const admit = async (
    raw: string,
    { account, nonce, isOverdue }: { readonly account: string; readonly nonce: number; readonly isOverdue: boolean },
  ): Promise<RpcAnswer | undefined> => {
    const state = await nonceOf(account);
    if (nonce === state) return await include(raw);
    if (nonce > state && !isOverdue) return undefined;
    count(nonce < state ? "tooLow" : "tooHigh");
    const problem = nonce < state ? "low" : "high";
    return refusal(`nonce too ${problem}: address ${account}, tx: ${nonce} state: ${state}`);
  };

  const include = async (raw: string): Promise<RpcAnswer> => {
    const answer = await ask("eth_sendRawTransaction", [raw]);
    if ("error" in answer) return answer;
    while ((await tell("eth_getTransactionReceipt", [answer.result])) === null) {
      await setTimeout(RECEIPT_POLLING_MILLISECONDS);
    }
    count("sequenced");
    return answer;
  };

  const mine = async (blocks: number): Promise<void> => {
    await inTurn(() => tell("anvil_mine", [`0x${blocks.toString(16)}`]));
  };

  const answerTo = async ({ method, params }: RpcRequest): Promise<RpcAnswer | "broken"> => {
    if (method !== "eth_sendRawTransaction") {
      return await ask(
        method,
        params.map((parameter) => (parameter === "pending" ? "latest" : parameter)),
      );
    }
    if (happens("lostBefore")) return "broken";
    const answer = await sequence(String(params[0]));
    return "result" in answer && happens("lostAfter") ? "broken" : answer;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // Safety: ethers speaks JSON-RPC, one request at a time.
    const call = JSON.parse(Buffer.concat(await Array.fromAsync<Buffer>(request)).toString()) as RpcRequest;
    if (happens("slow")) await setTimeout(random.integer(50, 300));
    if (happens("tooManyRequests")) return void response.writeHead(429, { "retry-after": "0" }).end("slow down");
    if (happens("serverError")) return void response.writeHead(503).end("no server is available");
    const answer = await answerTo(call);
    if (answer === "broken") return void request.socket.destroy();
    const body = JSON.stringify({ jsonrpc: "2.0", ...answer, id: call.id });
    response.setHeader("content-type", "application/json").end(body);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // Safety: a server that listens on a TCP port has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    setFaults: (next) => {
      faults = next;
    },
    rollBack: async (blocks, { isReplaced }) => {
      count("rollBack");
      await inTurn(() => (isReplaced ? tell("anvil_reorg", [blocks, []]) : tell("anvil_rollback", [blocks])));
    },
    mine,
    keepMining: (milliseconds) => {
      let last = Promise.resolve();
      const timer = setInterval(() => {
        last = mine(1);
      }, milliseconds);
      return async () => {
        clearInterval(timer);
        await last;
      };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refusal(message: string): RpcAnswer {
  return { error: { code: -32_000, message } };
}
