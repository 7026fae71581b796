import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { JsonRpcProvider } from "ethers";
import type { HardhatUserConfig } from "hardhat/types/config";
import { z } from "zod";
import type { Explorer } from "../../scripts/lib/verify-sources.js";
import { compileAndCompare } from "./compile-and-compare.js";

/** An answer over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  /** Sent as JSON, or as it is if it is text. */
  readonly body: unknown;
}

/** One thing that an explorer is asked. */
export interface ExplorerRequest {
  readonly explorer: Explorer;
  readonly action: "look up" | "submit" | "poll";
  /** How often this explorer has been asked this, from 1. */
  readonly count: number;
}

/** What hardhat-verify hands in. */
export interface Submission {
  readonly explorer: Explorer;
  readonly address: string;
  readonly contractName: string;
  readonly compilerVersion: string;
  readonly input: unknown;
  /** Hex without prefix; undefined where the explorer is not told. */
  readonly constructorArguments: string | undefined;
  readonly creationTransactionHash: string | undefined;
}

/** A server that speaks the APIs of Etherscan (version 2), Blockscout and Sourcify. */
export interface ExplorerDouble {
  readonly url: string;
  /** What came in, in its order. */
  readonly submissions: readonly Submission[];
  /** What was asked, in its order. */
  readonly requests: readonly ExplorerRequest[];
  /** Addresses with "explorer address" whose source is published. */
  readonly published: ReadonlySet<string>;
  readonly close: () => Promise<void>;
}

/** How a double behaves. */
export interface ExplorerDoubleOptions {
  /** Endpoint of the chain that it has indexed. */
  readonly rpcUrl: string;
  readonly apiKey: string;
  /** How often a job is still pending when it is asked for; 0 if left out. */
  readonly pendingAnswers?: number;
  /** Answers instead of the explorer, where it returns something. */
  readonly disturb?: (request: ExplorerRequest) => HttpAnswer | undefined;
}

type Outcome = "exact_match" | "match" | "no_match" | "wrong_arguments";

interface Job {
  readonly submission: Submission;
  readonly outcome: Outcome;
  pendingAnswers: number;
}

const formSchema = z.object({
  contractaddress: z.string(),
  sourceCode: z.string(),
  codeformat: z.literal("solidity-standard-json-input"),
  contractname: z.string(),
  compilerversion: z.string(),
  constructorArguments: z.string(),
});

const sourcifySchema = z.strictObject({
  stdJsonInput: z.object({ language: z.literal("Solidity") }).loose(),
  contractIdentifier: z.string(),
  compilerVersion: z.string(),
  creationTransactionHash: z.string().optional(),
});

/**
 * Starts a double of the explorers. It judges as they do: it compiles what comes in, and compares with the chain.
 *
 * @param options - chain, key, and what goes wrong
 * @returns the running double
 */
export async function startExplorerDouble(options: ExplorerDoubleOptions): Promise<ExplorerDouble> {
  const provider = new JsonRpcProvider(options.rpcUrl, 421_614, { staticNetwork: true });
  const jobs = createJobs(provider, options);
  const requests: ExplorerRequest[] = [];

  const answer = async (request: IncomingMessage): Promise<HttpAnswer> => {
    const url = new URL(request.url ?? "/", "http://double");
    const explorer = z.enum(["etherscan", "blockscout", "sourcify"]).parse(url.pathname.split("/")[1]);
    const action = actionOf(url, request);
    const count = requests.filter((asked) => asked.explorer === explorer && asked.action === action).length + 1;
    requests.push({ explorer, action, count });
    const disturbance = options.disturb?.({ explorer, action, count });
    if (disturbance !== undefined) return disturbance;
    if (explorer === "sourcify") return await answerAsSourcify(jobs, { url, request });
    if (explorer === "etherscan")
      return refusalOfEtherscan(url, options) ?? (await answerAsEtherscan(jobs, { url, request }));
    return await answerAsBlockscout(jobs, { url, request });
  };

  const server = createServer(async (request, response) => send(response, await answer(request).catch(broken)));
  await once(server.listen(0, "127.0.0.1"), "listening");
  // Safety: a server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    submissions: jobs.submissions,
    requests,
    published: jobs.published,
    close: async () => {
      provider.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Jobs = ReturnType<typeof createJobs>;

/** What the explorers know, and what they are working on. */
function createJobs(provider: JsonRpcProvider, { pendingAnswers = 0 }: ExplorerDoubleOptions) {
  const submissions: Submission[] = [];
  const jobs = new Map<string, Job>();
  const published = new Set<string>();
  return {
    submissions,
    published,
    isPublished: (explorer: Explorer, address: string | null) => published.has(`${explorer} ${address}`),
    hasCode: async (address: string) => (await provider.getCode(address)) !== "0x",
    submit: async (submission: Submission): Promise<string> => {
      submissions.push(submission);
      const guid = `job-${submissions.length}`;
      jobs.set(guid, { submission, outcome: await judge(provider, submission), pendingAnswers });
      return guid;
    },
    poll: (guid: string): Outcome | "pending" | undefined => {
      const job = jobs.get(guid);
      if (job === undefined) return undefined;
      if (job.pendingAnswers-- > 0) return "pending";
      const { address, explorer } = job.submission;
      if (isSuccess(job.outcome)) published.add(`${explorer} ${address}`);
      return job.outcome;
    },
  };
}

interface Asked {
  readonly url: URL;
  readonly request: IncomingMessage;
}

/** Etherscan says everything with HTTP 200. */
function refusalOfEtherscan({ searchParams }: URL, { apiKey }: ExplorerDoubleOptions): HttpAnswer | undefined {
  if (searchParams.get("apikey") !== apiKey) return say("0", "Invalid API Key (#err2)|BAD-0");
  if (searchParams.get("chainid") !== "421614") return say("0", "Missing or unsupported chainid parameter");
  return undefined;
}

async function answerAsEtherscan(jobs: Jobs, { request, url }: Asked): Promise<HttpAnswer> {
  const { searchParams } = url;
  switch (searchParams.get("action")) {
    case "getsourcecode":
      return describeSource(jobs.isPublished("etherscan", searchParams.get("address")));
    case "verifysourcecode": {
      const submission = await readForm(request, "etherscan");
      const { address } = submission;
      if (!(await jobs.hasCode(address))) return say("0", `Unable to locate ContractCode at ${address}`);
      if (jobs.isPublished("etherscan", address)) return say("0", "Contract source code already verified");
      return say("1", await jobs.submit(submission));
    }
    case "checkverifystatus": {
      const outcome = jobs.poll(searchParams.get("guid") ?? "");
      if (outcome === undefined) return say("0", "Invalid GUID");
      if (outcome === "pending") return say("0", "Pending in queue");
      if (isSuccess(outcome)) return say("1", "Pass - Verified");
      const reason =
        outcome === "wrong_arguments"
          ? "Please check if the correct constructor argument was entered."
          : "Compiled contract deployment bytecode does NOT match the transaction deployment bytecode.";
      return say("0", `Fail - Unable to verify. ${reason}`);
    }
    default:
      return say("0", "Error! Missing Or invalid Action name");
  }
}

async function answerAsBlockscout(jobs: Jobs, { request, url }: Asked): Promise<HttpAnswer> {
  const { searchParams } = url;
  switch (searchParams.get("action")) {
    case "getsourcecode":
      return describeSource(jobs.isPublished("blockscout", searchParams.get("address")));
    case "verifysourcecode": {
      const submission = await readForm(request, "blockscout");
      if (!(await jobs.hasCode(submission.address))) return say("0", "The address is not a smart contract");
      if (jobs.isPublished("blockscout", submission.address)) return say("0", "Smart-contract already verified.");
      return say("1", await jobs.submit(submission));
    }
    case "checkverifystatus": {
      // Its status says that the question was answered, not what with.
      const outcome = jobs.poll(searchParams.get("guid") ?? "");
      if (outcome === undefined) return say("1", "Unknown UID");
      if (outcome === "pending") return say("1", "Pending in queue");
      return say("1", isSuccess(outcome) ? "Pass - Verified" : "Fail - Unable to verify");
    }
    default:
      return say("0", "Unknown action");
  }
}

async function answerAsSourcify(jobs: Jobs, { request, url }: Asked): Promise<HttpAnswer> {
  const [, , , kind, ...rest] = url.pathname.split("/").slice(1);
  if (kind === "contract") {
    const [chainId, address = ""] = rest;
    const match = jobs.isPublished("sourcify", address) ? "match" : null;
    const body = { match, creationMatch: match, runtimeMatch: match, chainId, address };
    return { status: match === null ? 404 : 200, body };
  }
  return request.method === "POST" ? await takeSourcifyJob(jobs, rest[1] ?? "", request) : sourcifyJob(jobs, rest[0]);
}

async function takeSourcifyJob(jobs: Jobs, address: string, request: IncomingMessage): Promise<HttpAnswer> {
  const body = sourcifySchema.parse(JSON.parse(await text(request)));
  if (jobs.isPublished("sourcify", address)) return sourcifyError(409, "already_verified", "It is verified already");
  const verificationId = await jobs.submit({
    explorer: "sourcify",
    address,
    contractName: body.contractIdentifier,
    compilerVersion: body.compilerVersion,
    input: body.stdJsonInput,
    constructorArguments: undefined,
    creationTransactionHash: body.creationTransactionHash,
  });
  return { status: 202, body: { verificationId } };
}

function sourcifyJob(jobs: Jobs, verificationId = ""): HttpAnswer {
  const outcome = jobs.poll(verificationId);
  if (outcome === undefined) return sourcifyError(404, "job_not_found", "No such job");
  const job = { verificationId, jobStartTime: "2026-11-23T00:00:00Z", isJobCompleted: outcome !== "pending" };
  if (outcome === "pending" || isSuccess(outcome)) {
    return { status: 200, body: { ...job, contract: { match: outcome === "pending" ? null : outcome } } };
  }
  const { body: error } = sourcifyError(200, "no_match", "The onchain and recompiled bytecodes don't match");
  return { status: 200, body: { ...job, contract: { match: null }, error } };
}

function sourcifyError(status: number, customCode: string, message: string): HttpAnswer {
  return { status, body: { customCode, message, errorId: "f0b1" } };
}

function say(status: "0" | "1", result: unknown): HttpAnswer {
  return { status: 200, body: { status, message: status === "1" ? "OK" : "NOTOK", result } };
}

function describeSource(isPublished: boolean): HttpAnswer {
  return say("1", [{ SourceCode: isPublished ? "contract ..." : "", ABI: "..." }]);
}

async function readForm(request: IncomingMessage, explorer: Explorer): Promise<Submission> {
  const form = formSchema.parse(Object.fromEntries(new URLSearchParams(await text(request))));
  return {
    explorer,
    address: form.contractaddress,
    contractName: form.contractname,
    compilerVersion: form.compilerversion,
    input: JSON.parse(form.sourceCode),
    constructorArguments: form.constructorArguments,
    creationTransactionHash: undefined,
  };
}

function isSuccess(outcome: Outcome): boolean {
  return outcome === "exact_match" || outcome === "match";
}

/**
 * A configuration of Hardhat whose explorers are a double.
 *
 * @param config - the project's
 * @param options - `url`: of the double; `apiKey`: for Etherscan
 * @returns the configuration
 */
export function withExplorersAt(
  config: HardhatUserConfig,
  options: { readonly url: string; readonly apiKey: string },
): HardhatUserConfig {
  const { apiKey, url } = options;
  return {
    ...config,
    chainDescriptors: {
      421614: {
        name: "Arbitrum Sepolia",
        blockExplorers: {
          etherscan: { name: "Arbiscan", url: "https://sepolia.arbiscan.example", apiUrl: `${url}/etherscan/v2/api` },
          blockscout: { url: "https://blockscout.example", apiUrl: `${url}/blockscout/api` },
        },
      },
    },
    verify: { etherscan: { apiKey }, sourcify: { apiUrl: `${url}/sourcify/server` } },
  };
}

function actionOf(url: URL, request: IncomingMessage): ExplorerRequest["action"] {
  if (request.method === "POST") return "submit";
  const isLookUp = url.searchParams.get("action") === "getsourcecode" || url.pathname.includes("/v2/contract/");
  return isLookUp ? "look up" : "poll";
}

async function judge(provider: JsonRpcProvider, submission: Submission): Promise<Outcome> {
  const { address, constructorArguments, contractName, input, compilerVersion } = submission;
  const creation = await findCreation(provider, address);
  if (constructorArguments !== undefined && !(creation ?? "").endsWith(constructorArguments)) return "wrong_arguments";
  return compileAndCompare(input, { contractName, compilerVersion, code: await provider.getCode(address) });
}

/** The calldata that made a contract; undefined if another contract made it. */
async function findCreation(provider: JsonRpcProvider, address: string): Promise<string | undefined> {
  for (let number = await provider.getBlockNumber(); number > 0; --number) {
    const block = await provider.getBlock(number, true);
    for (const transaction of block?.prefetchedTransactions ?? []) {
      const receipt = transaction.to === null ? await provider.getTransactionReceipt(transaction.hash) : null;
      if (receipt?.contractAddress?.toLowerCase() === address.toLowerCase()) return transaction.data;
    }
  }
  return undefined;
}

function send(response: ServerResponse, { status, body }: HttpAnswer): void {
  const isText = typeof body === "string";
  response.writeHead(status, { "content-type": isText ? "text/html" : "application/json" });
  response.end(isText ? body : JSON.stringify(body));
}

/** A fault of the double itself must not look like an explorer's verdict. */
function broken(error: unknown): HttpAnswer {
  return { status: 500, body: `The double failed: ${error instanceof Error ? error.stack : error}` };
}
