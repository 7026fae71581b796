import { type BaseContract, type BytesLike, Result } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import type { LibraryHarness } from "../../types/ethers-contracts/index.js";

/** A question to a contract. */
export interface Question {
  /** Who knows its functions. */
  readonly contract: Pick<BaseContract, "interface" | "target">;
  readonly name: string;
  readonly args: readonly unknown[];
  /** Address that is asked instead of the contract's own. */
  readonly target?: string;
}

/** What was returned (several values as a list), or the name of the error, with its bytes. */
export type Answer =
  | { readonly status: "returned"; readonly value: unknown }
  | { readonly status: "reverted"; readonly error: string; readonly data: string };

/** What an account has while it is asked. */
export interface PlacedAccount {
  readonly code: BytesLike;
  /** Words by their slot. */
  readonly stateDiff?: Readonly<Record<string, string>>;
}

/** Asks many questions at once, one after the other in one call, whose effects nothing keeps. */
export type Ask = (
  questions: readonly Question[],
  options?: { readonly accounts?: Readonly<Record<string, PlacedAccount>> },
) => Promise<readonly Answer[]>;

/** A chain that answers thousands of questions in one call. */
export interface QuestionedChain {
  readonly connection: NetworkConnection;
  readonly harness: LibraryHarness;
  readonly ask: Ask;
}

/**
 * Starts a chain in this process with the libraries on it. Its blocks have room for thousands of questions.
 *
 * @param options - `chainId`
 * @returns the chain
 */
export async function startQuestionedChain(options: { readonly chainId?: number } = {}): Promise<QuestionedChain> {
  // The newest rules of Ethereum bound the gas of a single call.
  const connection = await network.create({ override: { ...options, hardfork: "prague", blockGasLimit: 10n ** 11n } });
  const harness = await connection.ethers.deployContract("LibraryHarness");
  const ask: Ask = async (questions, { accounts = {} } = {}) => {
    const calls = questions.map(({ contract, name, args, target = contract.target }) => ({
      target,
      data: contract.interface.encodeFunctionData(name, args),
    }));
    const data = harness.interface.encodeFunctionData("callMany", [calls]);
    const answer = await connection.provider.request({
      method: "eth_call",
      params: [{ to: harness.target, data }, "latest", accounts],
    });
    const [answers] = harness.interface.decodeFunctionResult("callMany", String(answer));
    return questions.map((question, index) => answerOf(question, answers[index]));
  };
  return { connection, harness, ask };
}

function answerOf(
  { contract, name }: Question,
  answer: { readonly isSuccess: boolean; readonly data: string },
): Answer {
  if (!answer.isSuccess) {
    const error = contract.interface.parseError(answer.data)?.name ?? answer.data;
    return { status: "reverted", error, data: answer.data };
  }
  const values = contract.interface.decodeFunctionResult(name, answer.data).map(plainOf);
  return { status: "returned", value: values.length === 1 ? values[0] : values };
}

/** Ethers' results as plain arrays. */
function plainOf(value: unknown): unknown {
  return value instanceof Result ? value.toArray().map(plainOf) : value;
}

/**
 * What was returned to each question.
 *
 * @param answers - none of them reverted
 * @returns the values
 * @throws Error naming the error of the first that reverted
 */
export function valuesOf(answers: readonly Answer[]): readonly unknown[] {
  return answers.map((answer) => {
    if (answer.status === "returned") return answer.value;
    throw new Error(`reverted with ${answer.error}`);
  });
}
