import { BrowserProvider, Network, type Provider, toQuantity } from "ethers";
import * as z from "zod";
import { PassportError } from "../errors/passport-error.js";
import { parseInput } from "../primitives/parse-input.js";
import {
  type ComparableAnswer,
  comparableAnswer,
  comparableRefusal,
  type NodeQuestion,
  questionInWords,
} from "./comparable-answer.js";
import { endpointOf } from "./endpoint-of.js";

/** A node that is asked together with others, and how it answered. */
export interface Witness {
  /** The endpoint, as errors may name it. */
  readonly endpoint: string;
  /** What it answered otherwise than the majority, one line for each question. */
  readonly contradictions: readonly string[];
  /** How many questions it did not answer: it was away, refused, or does not know the block yet. */
  readonly silences: number;
}

/** Several nodes as one. */
export interface Quorum {
  /** Answers what enough of the nodes answer alike; its owner calls `destroy()` of the nodes' providers, not of it. */
  readonly provider: Provider;
  /** How many have to say the same. */
  readonly required: number;
  /** How each node has answered so far. */
  readonly witnesses: () => readonly Witness[];
}

/** How nodes are asked together. */
export interface QuorumOptions {
  readonly chainId: bigint;
  /** How many have to say the same; more than half of them if left out. */
  readonly required?: number | undefined;
  /** How long the rest is waited for when enough have agreed; 3,000 if left out. Who did not answer has no second wait. */
  readonly patienceMilliseconds?: number | undefined;
}

/** What one node said to one question. */
type Reply = Answered | { readonly silence: true };

interface Answered {
  readonly answer: ComparableAnswer;
  /** Returns or throws what the node did. */
  readonly settle: () => unknown;
}

interface Member {
  readonly endpoint: string;
  readonly ask: (question: NodeQuestion) => Promise<unknown>;
  readonly contradictions: string[];
  silences: number;
  /** It once did not answer, and is no longer waited for. */
  isTardy: boolean;
  /** Number of its last block; undefined: it has not said. */
  lastBlock: bigint | undefined;
}

const MAXIMUM_LINES = 100;
const TAGS: ReadonlySet<unknown> = new Set(["latest", "safe", "finalized", "pending"]);

/** JSON-RPC's code of an internal error: the answer is not known, and may be another time. */
const NO_ANSWER = -32_603;

/**
 * Makes one provider of several nodes: every question goes to all of them, and is answered with what enough of them say
 * alike. Who says otherwise is named; who is away is not taken for a liar. If too few agree, nothing is answered.
 *
 * @param providers - at least two, of nodes that do not depend on each other; each must pass raw requests on
 * @param options - chain id, how many must agree
 * @returns the quorum
 * @throws PassportError `input.invalid`
 */
export function createQuorum(providers: readonly Provider[], options: QuorumOptions): Quorum {
  const { chainId, patienceMilliseconds = 3_000 } = options;
  const members = membersOf(providers);
  const half = Math.floor(members.length / 2);
  const requiredSchema = z
    .int()
    .min(half + 1)
    .max(members.length)
    .default(half + 1);
  const required = parseInput(requiredSchema, options.required, { field: "required" });
  const quorum = { members, required, patienceMilliseconds };

  const request = async ({ method, params = [] }: RawRequest) => {
    const question: NodeQuestion = { method, params: Array.isArray(params) ? params : [params] };
    const [tag, ...rest] = question.params;
    if (method !== "eth_getBlockByNumber" || !TAGS.has(tag)) return await askAll(question, quorum);
    const number = await agreeOnBlock(question, quorum);
    return await askAll({ method, params: [toQuantity(number), ...rest] }, quorum);
  };

  const network = Network.from(chainId);
  return {
    provider: new BrowserProvider({ request }, network, { staticNetwork: network, cacheTimeout: -1 }),
    required,
    witnesses: () =>
      members.map(({ endpoint, contradictions, silences }) => ({
        endpoint,
        contradictions: [...contradictions],
        silences,
      })),
  };
}

interface RawRequest {
  readonly method: string;
  readonly params?: readonly unknown[] | Readonly<Record<string, unknown>>;
}

interface Asking {
  readonly members: readonly Member[];
  readonly required: number;
  readonly patienceMilliseconds: number;
}

function membersOf(providers: readonly Provider[]): readonly Member[] {
  const counts = new Map<string, number>();
  return providers.map((provider) => {
    if (!("send" in provider) || typeof provider.send !== "function") {
      throw new PassportError("input.invalid", {
        field: "witnesses",
        problem: "nodes are only compared through providers that pass raw requests on, such as those of createProvider",
        value: undefined,
      });
    }
    const send = provider.send.bind(provider);
    const origin = endpointOf(provider);
    const count = (counts.get(origin) ?? 0) + 1;
    counts.set(origin, count);
    return {
      endpoint: count === 1 ? origin : `${origin} (${count})`,
      ask: async ({ method, params }) => await send(method, [...params]),
      contradictions: [],
      silences: 0,
      isTardy: false,
      lastBlock: undefined,
    };
  });
}

/** The last block that enough nodes have: a node that is behind cannot answer for it, and one that runs ahead may lie. */
async function agreeOnBlock(
  question: NodeQuestion,
  { members, required, patienceMilliseconds }: Asking,
): Promise<bigint> {
  const numbers = await collect(members, {
    ask: async (member) => {
      const number = blockNumberOf(await member.ask(question));
      if (question.params[0] === "latest") member.lastBlock = number;
      return number;
    },
    isEnough: (heard) => heard.length >= required,
    patienceMilliseconds,
  });
  const known = numbers
    .flatMap(({ reply }) => (reply === undefined ? [] : [reply]))
    .sort((left, right) => (left < right ? 1 : -1));
  const agreed = known[required - 1];
  if (agreed !== undefined) return agreed;
  throw noAnswer(
    `only ${known.length} of ${members.length} nodes have a ${String(question.params[0])} block, ${required} must`,
  );
}

function blockNumberOf(block: unknown): bigint {
  return z
    .object({
      number: z
        .string()
        .regex(/^0x[0-9a-f]{1,16}$/i)
        .transform(BigInt),
    })
    .parse(block).number;
}

async function askAll(question: NodeQuestion, asking: Asking): Promise<unknown> {
  const { members, required } = asking;
  const number = blockOf(question);
  const asked = members.filter(
    ({ lastBlock }) => number === undefined || lastBlock === undefined || lastBlock >= number,
  );
  const heard = await collect(asked, {
    ask: (member) => replyOf(member, question),
    isEnough: (replies) => findAgreement(replies, required) !== undefined,
    patienceMilliseconds: asking.patienceMilliseconds,
  });
  const replies = heard.flatMap(({ reply }) => (reply === undefined ? [] : [reply]));
  const agreed = findAgreement(replies, required);
  for (const member of members) {
    const reply = heard.find((one) => one.member === member)?.reply;
    if (reply === undefined || "silence" in reply) {
      member.silences += 1;
      member.isTardy = true;
    } else if (
      agreed !== undefined &&
      reply.answer.key !== agreed.answer.key &&
      member.contradictions.length < MAXIMUM_LINES
    ) {
      member.contradictions.push(
        `${questionInWords(question)} is ${reply.answer.inWords}, not ${agreed.answer.inWords}`,
      );
    }
  }
  if (agreed !== undefined) return agreed.settle();
  const said = heard.map(({ member, reply }) => `${member.endpoint} says ${sayOf(reply)}`).join(", ");
  throw noAnswer(`${said}; ${required} of ${members.length} must say the same about ${questionInWords(question)}`);
}

async function replyOf(member: Member, question: NodeQuestion): Promise<Reply> {
  try {
    const value = await member.ask(question);
    // A node without that block does not know it; that is not to say that there is none.
    if (value === null && question.method.startsWith("eth_getBlockBy")) return { silence: true };
    return { answer: comparableAnswer(question, value), settle: () => value };
  } catch (error) {
    const answer = comparableRefusal(error, member);
    const settle = (): never => {
      throw error;
    };
    return answer === undefined ? { silence: true } : { answer, settle };
  }
}

function sayOf(reply: Reply | undefined): string {
  return reply === undefined || "silence" in reply ? "nothing" : reply.answer.inWords;
}

function findAgreement(replies: readonly Reply[], required: number): Answered | undefined {
  const answers = replies.filter((reply) => "answer" in reply);
  return answers.find(({ answer }) => answers.filter((other) => other.answer.key === answer.key).length >= required);
}

/** The block that a question is about; undefined for one that is about none, or about the last. */
function blockOf({ method, params }: NodeQuestion): bigint | undefined {
  const last = params.at(-1);
  const tag = method === "eth_getLogs" ? z.object({ toBlock: z.string() }).safeParse(last).data?.toBlock : last;
  const isNumber = typeof tag === "string" && /^0x[0-9a-f]{1,16}$/i.test(tag);
  return isNumber && method !== "eth_getBlockByHash" ? BigInt(tag) : undefined;
}

interface Heard<Answer> {
  readonly member: Member;
  /** Undefined: none came in time. */
  readonly reply: Answer | undefined;
}

/** Asks nodes at once. When enough have answered, the rest has a little time, once. */
async function collect<Answer>(
  members: readonly Member[],
  options: {
    readonly ask: (member: Member) => Promise<Answer>;
    readonly isEnough: (replies: readonly Answer[]) => boolean;
    readonly patienceMilliseconds: number;
  },
): Promise<readonly Heard<Answer>[]> {
  const { ask, isEnough, patienceMilliseconds } = options;
  const replies = new Map<Member, Answer | undefined>();
  await new Promise<void>((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const proceed = (): void => {
      const waiting = members.filter((member) => !replies.has(member));
      const known = [...replies.values()].filter((reply) => reply !== undefined);
      if (waiting.length > 0 && !isEnough(known)) return;
      if (waiting.every(({ isTardy }) => isTardy)) {
        finish();
        return;
      }
      timer ??= setTimeout(() => {
        for (const member of members) if (!replies.has(member)) member.isTardy = true;
        finish();
      }, patienceMilliseconds);
    };
    for (const member of members) {
      const note = (reply: Answer | undefined): void => {
        replies.set(member, reply);
        proceed();
      };
      ask(member).then(note, () => note(undefined));
    }
    if (members.length === 0) finish();
  });
  return members.map((member) => ({ member, reply: replies.get(member) }));
}

/** Such as ethers expects of a wallet: an object with a number as its code. */
function noAnswer(message: string): Error {
  return Object.assign(new Error(message), { code: NO_ANSWER });
}
