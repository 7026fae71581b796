import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PassportError, parseAddress, parseNamespace } from "@digital-product-passport/sdk";
import { getAddress, isAddress } from "ethers";
import { z } from "zod";
import { isDevelopmentAccount } from "./development-accounts.js";
import { LOCAL_NETWORK, type OpenNetwork } from "./open-network.js";
import { participantsOf } from "./participants.js";
import { deploymentsFolder } from "./project-paths.js";

/** How errors call the file. */
const FIELD = "parameters of the deployment";

/** One digit forty times, as in deployments/parameters/example.json. */
const PLACEHOLDER = /^0x(.)\1{39}$/;

const LARGEST_UINT32 = 2 ** 32 - 1;
const LARGEST_UINT40 = 2 ** 40 - 1;

const uint32Schema = z.int().nonnegative().max(LARGEST_UINT32);
const uint40Schema = z.int().nonnegative().max(LARGEST_UINT40);
const addressSchema = z.string().startsWith("0x").refine(isAddress, "expected an address whose letters fit EIP-55");

/** What has to be decided before a deployment, in the form that Ignition reads; the modules say what each one means. */
const deploymentParametersSchema = z.strictObject({
  $global: z.strictObject({ guardian: addressSchema, adminDelay: uint40Schema }),
  WEG: z.strictObject({
    namespace: z.string(),
    issuer: addressSchema,
    issuerPerHour: uint32Schema,
    managerPerHour: uint32Schema,
    issuingUntil: uint40Schema,
  }),
  /** Public networks need it; on the local chain the deployer governs. */
  Governance: z.strictObject({ safe: addressSchema, administrator: addressSchema }).exactOptional(),
});

/** Parameters of a deployment. */
export type DeploymentParameters = z.infer<typeof deploymentParametersSchema>;

/**
 * The parameters for a network: from its file; for the local chain, which needs none, those of the demonstration.
 *
 * @param network - the network to deploy to
 * @param options - `file`: another file than `deployments/parameters/<network>.json`
 * @returns the parameters
 * @throws PassportError `input.invalid`, `identifier.namespace`
 */
export async function readDeploymentParameters(
  network: Pick<OpenNetwork, "name" | "accounts">,
  options: { readonly file?: string | undefined } = {},
): Promise<DeploymentParameters> {
  if (network.name === LOCAL_NETWORK && options.file === undefined) return demonstrationParameters(network);
  const file = options.file ?? join(deploymentsFolder, "parameters", `${network.name}.json`);
  const parsed = deploymentParametersSchema.safeParse(await readJson(file));
  if (!parsed.success) {
    throw new PassportError("input.invalid", { field: FIELD, problem: describeFirst(parsed.error), value: file });
  }
  parseNamespace(parsed.data.WEG.namespace);
  if (network.name !== LOCAL_NETWORK) requireHeldAccounts(parsed.data, file);
  return parsed.data;
}

/** Whoever can sign for these accounts governs, pauses and issues; nobody can for the example's accounts. */
function requireHeldAccounts(
  { $global: { guardian }, WEG: { issuer }, Governance }: DeploymentParameters,
  file: string,
) {
  const refuse = (problem: string): never => {
    throw new PassportError("input.invalid", { field: FIELD, problem, value: file });
  };
  if (Governance === undefined) return refuse("Governance is missing: who proposes and administers in the end");
  for (const [name, account] of Object.entries({ guardian, issuer, ...Governance })) {
    const address = getAddress(account);
    if (isDevelopmentAccount(address)) {
      refuse(`the key of the ${name} ${address} is published; name an account that only its holder can use`);
    }
    if (PLACEHOLDER.test(address)) refuse(`${address} is no account of a ${name}, but the example's; name yours`);
  }
}

function demonstrationParameters({ accounts }: Pick<OpenNetwork, "accounts">): DeploymentParameters {
  const { guardian, issuer } = participantsOf(accounts.map(({ address }) => parseAddress(address)));
  return {
    $global: { guardian, adminDelay: 3 * 24 * 60 * 60 },
    WEG: {
      namespace: "https://id.weg.example/",
      issuer,
      issuerPerHour: 1_000,
      managerPerHour: 5_000,
      issuingUntil: LARGEST_UINT40,
    },
  };
}

function describeFirst({ issues }: z.ZodError): string {
  return issues
    .slice(0, 1)
    .map(({ path, message }) => `${path.join(".")}: ${message}`)
    .join();
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    const problem = `it cannot be read as JSON (${cause instanceof Error ? cause.message : cause}); write it as deployments/parameters/example.json shows`;
    throw new PassportError("input.invalid", { field: FIELD, problem, value: file }, { cause });
  }
}
