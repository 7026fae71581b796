import { readFile } from "node:fs/promises";
import { PassportError, parseProductId } from "@digital-product-passport/sdk";
import { quantities } from "@digital-product-passport/sdk/readings";
import { parse } from "yaml";
import * as z from "zod";
import { MAXIMUM_ITEMS } from "../delivery.js";

const file = z.string().min(1);
const port = z.int().min(0).max(65_535);
const seconds = z.number().positive();
const bytes = z.int().positive();
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/, "expected a short name");

/** Something that must not stand in the configuration itself. */
const secretSchema = z.union([
  z.strictObject({ /** Name of the variable that holds it. */ environment: z.string().min(1) }),
  z.strictObject({
    /** File that holds it, such as a credential of systemd; a line break at its end does not count. */ file,
  }),
]);

/** An account of Ethereum. */
const accountSchema = z.union([
  z.strictObject({ /** Encrypted key file. */ keystore: file, password: secretSchema }),
  z.strictObject({ /** Name of the variable that holds the private key. */ environment: z.string().min(1) }),
]);

const productIdSchema = z.string().superRefine((text, context) => {
  try {
    parseProductId(text);
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : "not a productId");
  }
});

const decimal = z.string().regex(/^-?\d{1,18}(?:\.\d{1,9})?$/, 'expected a decimal number in quotes, such as "130"');

const senderSchema = z.strictObject({
  /** In logs and dead letters. */
  name,
  /** productIds that he may report. */
  products: z.array(productIdSchema).min(1),
  /** Ids of the sensors that he may report; all of these products if left out. */
  sensors: z.array(z.string()).min(1).optional(),
  /** Filters of topics on which the broker lets only him publish. */
  topics: z.array(z.string().min(1)).default([]),
  /** sha2-256 of his bearer token for HTTP, in hex: `printf %s TOKEN | sha256sum`. */
  tokenSha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, "expected sha2-256 in hex")
    .optional(),
  /** sha2-256 fingerprint of his certificate for HTTP, as `openssl x509 -noout -fingerprint -sha256` prints it. */
  certificateFingerprint: z
    .string()
    .regex(/^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){31}$/, "expected 32 bytes in hex with colons between them")
    .optional(),
});

/** What senders are known by. Of two that show the same, the relay could not say who it was. */
const sendersSchema = z.array(senderSchema).superRefine((senders, context) => {
  for (const field of ["tokenSha256", "certificateFingerprint"] as const) {
    const known = new Map<string, string>();
    for (const [index, { name: own, [field]: shown }] of senders.entries()) {
      if (shown === undefined) continue;
      const other = known.get(shown.toLowerCase());
      if (other === undefined) known.set(shown.toLowerCase(), own);
      else context.addIssue({ code: "custom", path: [index, field], message: `${own} has the same as ${other}` });
    }
  }
});

const alarmSchema = z
  .strictObject({
    /** Code of the alarm in the passport. */
    code: name,
    // Safety: the keys of `quantities`, and nothing else, are quantities.
    quantity: z.enum(Object.keys(quantities) as (keyof typeof quantities)[]),
    products: z.array(productIdSchema).min(1).optional(),
    sensors: z.array(z.string()).min(1).optional(),
    /** From the lowest to the highest, such as the zones B, C and D of ISO 20816. */
    levels: z.tuple(
      [z.strictObject({ name, above: decimal, severity: z.enum(["warning", "critical"]).optional() })],
      z.strictObject({ name, above: decimal, severity: z.enum(["warning", "critical"]).optional() }),
    ),
    /** How far a value must fall below a level until the level ends. */
    hysteresis: decimal.regex(/^[^-]/, "expected a decimal number that is not negative").default("0"),
    /** How long after an alarm the same sensor raises none of the same level, by the times of its readings; 600 if left out. */
    repeatSeconds: z.number().min(0).optional(),
  })
  .refine(
    ({ levels }) => levels.every(({ above }, index) => index === 0 || Number(above) > Number(levels[index - 1]?.above)),
    { path: ["levels"], error: "each level begins above the one before" },
  );

const mqttSchema = z.strictObject({
  /** `mqtts://broker.example:8883`. */
  url: z.url({ protocol: /^(?:mqtts?|wss?)$/ }),
  /** `3.1.1` or `5`, as the broker speaks it. */
  version: z.enum(["3.1.1", "5"]).default("3.1.1"),
  /** Under this name the broker keeps what comes while the relay is away: one for each relay, never changed. */
  clientId: z.string().min(1).max(64),
  username: z.string().optional(),
  password: secretSchema.optional(),
  /** PEM files: who may vouch for the broker (the system's authorities if left out), the relay's certificate and its key. */
  authority: file.optional(),
  certificate: file.optional(),
  key: file.optional(),
  /** Messages that are taken from the broker and not yet acknowledged. */
  maximumInFlight: z.int().min(1).max(65_535).default(1_000),
  /** How long an MQTT 5 broker keeps the session of an absent relay. */
  sessionExpirySeconds: z
    .int()
    .positive()
    .default(30 * 86_400),
  retrySeconds: seconds.default(2),
});

const httpSchema = z
  .strictObject({
    host: z.string().default("127.0.0.1"),
    port,
    /** PEM files. */
    certificate: file.optional(),
    key: file.optional(),
    /** Who may vouch for senders' certificates. */
    clientAuthority: file.optional(),
    maximumBodyBytes: bytes.default(1 << 20),
    /** Requests of one sender at the same time; more are told to come later (429). */
    maximumRequests: z.int().positive().default(16),
    retrySeconds: z.int().positive().default(5),
  })
  // Without one of the two, tokens would go over the network in plain text, and nobody would notice.
  .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), {
    path: ["certificate"],
    error: "certificate and key belong together",
  })
  .refine(({ certificate, clientAuthority }) => certificate !== undefined || clientAuthority === undefined, {
    path: ["clientAuthority"],
    error: "without certificate and key nobody is asked for his certificate",
  });

const coapSchema = z.strictObject({
  host: z.string().default("127.0.0.1"),
  port: port.default(5_683),
  retrySeconds: z.int().positive().default(5),
});

/** Everything that a relay is told when it starts; `relay.example.yaml` shows all of it. */
export const configSchema = z.strictObject({
  /** Where everything lies that must not be lost. */
  folder: file,
  chain: z.strictObject({
    rpc: z.url(),
    /** Address book of the suite: `deployments/<network>.json`. */
    addressBook: file,
  }),
  /** Where documents and files of readings go: a folder, or Kubo's RPC. */
  store: z.union([z.strictObject({ folder: file }), z.strictObject({ ipfs: z.url() })]),
  /** The gateway's key: an account, or a P-256 key in a PEM file. */
  gateway: z.union([accountSchema, z.strictObject({ pem: file, password: secretSchema.optional() })]),
  /** Accounts that pay; nobody else may send with them. */
  payers: z.strictObject({
    batches: z.tuple([accountSchema], accountSchema),
    /** Left out: nothing is recorded on passports. */
    attestations: z.tuple([accountSchema], accountSchema).optional(),
  }),
  /** productIds of the products that are paired with the gateway, or will be. */
  products: z.array(productIdSchema).min(1),
  senders: sendersSchema.default([]),
  mqtt: mqttSchema.optional(),
  http: httpSchema.optional(),
  coap: coapSchema.optional(),
  /** How far the time of a reading may lie behind and ahead of the relay's clock. */
  clockSkew: z
    .strictObject({
      pastSeconds: seconds,
      /**
       * Verifiers call a batch invalid that is more than ten minutes ahead of the chain, and one reading is enough for that:
       * half of it is left for a relay's clock that is ahead of the chain's.
       */
      futureSeconds: seconds.max(300),
    })
    .default({ pastSeconds: 7 * 86_400, futureSeconds: 300 }),
  journal: z
    .strictObject({
      segmentBytes: bytes.default(16 << 20),
      /** Most that the journal may take; no limit but the disk's if left out. */
      maximumBytes: bytes.optional(),
      /** Left free on the disk for whatever has to be written to get readings anchored. */
      reserveBytes: z
        .int()
        .min(0)
        .default(64 << 20),
      /** The receivers share it: a message that is as large as may be must find room beside others. */
      maximumWaiting: z
        .int()
        .min(4 * MAXIMUM_ITEMS)
        .default(20_000),
      /** Folder on the same disk that files are moved to when all of their readings are final; deleted if left out. */
      archive: file.optional(),
    })
    .prefault({}),
  deadLetterBytes: bytes.default(64 << 20),
  batches: z
    .strictObject({
      maximumReadings: z.int().min(1).max(4_096).default(4_096),
      maximumSeries: z.int().min(1).max(400).default(400),
      maximumSeconds: seconds.default(300),
      alarmSeconds: seconds.default(0.25),
    })
    .prefault({}),
  attestations: z
    .strictObject({
      /** Cadence of summaries; none if left out. */
      summarySeconds: seconds.optional(),
      /** How long the signature of an entry can be submitted. */
      deadlineSeconds: z
        .int()
        .positive()
        .default(7 * 86_400),
      alarms: z.array(alarmSchema).default([]),
    })
    .prefault({}),
  /** `/healthz`, `/readyz`, `/metrics`: for operators only. */
  operations: z.strictObject({ host: z.string().default("127.0.0.1"), port: port.default(9_464) }).prefault({}),
  pairingRefreshSeconds: seconds.default(300),
  confirmSeconds: seconds.default(2),
  shutdownSeconds: seconds.default(30),
  restartSeconds: seconds.default(5),
  logLevel: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

/** What a relay is told when it starts. */
export type RelayConfig = z.infer<typeof configSchema>;
/** An account of Ethereum. */
export type AccountConfig = z.infer<typeof accountSchema>;
/** Something that must not stand in the configuration itself. */
export type SecretConfig = z.infer<typeof secretSchema>;

/** Begins the name of a variable that replaces a field: `PASSPORT_RELAY_CHAIN__RPC` is `chain.rpc`. */
const PREFIX = "PASSPORT_RELAY_";

/**
 * Reads the configuration.
 *
 * @param path - of a YAML file; undefined if all of it comes from the environment
 * @param options - `environment`: of the process; what it says goes before the file
 * @returns the configuration, checked
 * @throws PassportError `input.invalid`, naming the fields
 */
export async function readConfig(
  path: string | undefined,
  options: { readonly environment: Readonly<Record<string, string | undefined>> },
): Promise<RelayConfig> {
  let value: unknown = path === undefined ? {} : parseYaml(await readText(path), path);
  for (const [variable, text] of Object.entries(options.environment)) {
    if (!variable.startsWith(PREFIX) || text === undefined) continue;
    const steps = variable.slice(PREFIX.length).split("__").map(toCamelCase);
    value = withValue(value, steps, parseYaml(text, variable));
  }
  return parseConfig(value);
}

/**
 * Checks a configuration.
 *
 * @param value - from a file or the environment
 * @returns the configuration, with what was left out filled in
 * @throws PassportError `input.invalid`, naming the fields and no value: it could be a secret at the wrong place
 */
export function parseConfig(value: unknown): RelayConfig {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues
    .map(({ path, message }) => `${path.join(".") || "all of it"}: ${message}`)
    .join("; ");
  throw new PassportError("input.invalid", { field: "configuration of the relay", problem, value: "(not shown)" });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new PassportError("input.invalid", { field: "--config", problem, value: path }, { cause });
  }
}

function parseYaml(text: string, field: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    const problem = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new PassportError("input.invalid", { field, problem: `it is no YAML: ${problem}`, value: "(not shown)" });
  }
}

function toCamelCase(step: string): string {
  return step.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A copy in which the value stands at the end of these steps. */
function withValue(whole: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  const object = typeof whole === "object" && whole !== null && !Array.isArray(whole) ? { ...whole } : {};
  return { ...object, [step]: withValue(Reflect.get(object, step), rest, value) };
}
