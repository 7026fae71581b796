import { toBeHex } from "ethers";
import fc from "fast-check";
import { isPassportError } from "../../sdk/src/errors/passport-error.js";
import { parseNamespace } from "../../sdk/src/identifier/parse-namespace.js";
import { normaliseProductId, parseProductId } from "../../sdk/src/identifier/parse-product-id.js";
import { normaliseHttpsUrl } from "../../sdk/src/primitives/https-url.js";
import type { PassportRegistry } from "../../types/ethers-contracts/index.js";
import { type QuestionedChain, startQuestionedChain } from "../support/ask-contracts.js";
import { text } from "../support/chain-arbitraries.js";
import { expectAgreement, RUNS } from "../support/expect-agreement.js";

/** Pieces of which URLs are made, good ones and bad ones. */
const PIECES = [
  ..."azAZ09-._~/:@%?#\\!$&'()*+,;=\"<>[]^`{|} \0\t\x7fé",
  ...["https://", "http://", "//", "..", "./", "/.", "%41", "%2F", "%2e", "xn--", "id.weg.example", "localhost"],
  ...["127.0.0.1", "0x7f", "1.2", ":443", ":8443", "/01/09521234543213", "/21/", "/10/", "W22-1", "a".repeat(63)],
];

const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((list) => list.join(""));

/** Nearly a host name, in lower case. */
const host = fc.oneof(
  fc.constantFrom("id.weg.example", "a", "localhost", "a-b.c9", "weg.1", "1a", "x.-y", "-a", "a-", "a..b", "a.", ".a"),
  fc.stringMatching(/^[a-z0-9.-]{1,12}$/),
);

/** Nearly a path, without the slash in front of it. */
const path = fc.oneof(
  fc.constantFrom("", "motors/", "a/b/", "a..b/", "a./", "./", "../", "a//", ".well-known/", "~_-/", "a"),
  fc.stringMatching(/^[aZ09._~/-]{0,10}$/),
  pieces,
);

const namespaceText = fc.oneof(
  fc.tuple(host, path).map(([name, rest]) => `https://${name}/${rest}`),
  // At and over the longest, which has 128 bytes.
  fc.constantFrom(118, 119, 120).map((length) => `https://${"h".repeat(63)}.${"h".repeat(length - 64)}/`),
  fc.constantFrom(113, 114, 115).map((length) => `https://h.weg/${"p".repeat(length - 1)}/`),
  pieces,
  text,
);

const NAMESPACE = parseNamespace("https://id.weg.example/");

const productIdText = fc.oneof(
  pieces.map((rest) => `${NAMESPACE}${rest}`),
  fc.stringMatching(/^[!-~]{1,20}$/).map((serial) => `${NAMESPACE}01/09521234543213/21/${encodeURIComponent(serial)}`),
  fc
    .tuple(fc.nat({ max: 40 }), fc.constantFrom("a", "~", "%", " ", "\x7f", "\x80", "é"))
    .map(([length, last]) => `${NAMESPACE}${"a".repeat(length)}${last}`),
  // At and over the longest, which has 256 bytes.
  fc.constantFrom(232, 233, 234).map((length) => `${NAMESPACE}${"a".repeat(length)}`),
  text.map((rest) => `${NAMESPACE}${rest}`),
);

/** Whether the SDK takes it; refusing with anything but its own error is a fault. */
const accepts = (parse: () => unknown): boolean => {
  try {
    parse();
    return true;
  } catch (error) {
    if (isPassportError(error)) return false;
    throw error;
  }
};

describe("ProductIdentifiers and the SDK", () => {
  let chain: QuestionedChain;
  before(async () => {
    chain = await startQuestionedChain();
  });

  const askWhetherAccepted = async (name: string, argumentLists: readonly (readonly unknown[])[]) => {
    const answers = await chain.ask(argumentLists.map((args) => ({ contract: chain.harness, name, args })));
    return answers.map(({ status }) => status === "returned");
  };

  it("parseNamespace, of any text, accepts what the chain accepts and what is the beginning of a normal URL", async () => {
    const isNormal = (namespace: string) => {
      const normalised = normaliseHttpsUrl(`${namespace}x`);
      return "url" in normalised && normalised.url === `${namespace}x`;
    };
    await expectAgreement(namespaceText, {
      solidity: async (cases) => {
        const accepted = await askWhetherAccepted(
          "checkNamespace",
          cases.map((namespace) => [namespace]),
        );
        return cases.map((namespace, index) => accepted[index] === true && isNormal(namespace));
      },
      typescript: (namespace) => accepts(() => parseNamespace(namespace)),
    });
  });

  it("parseProductId, in a namespace, accepts what the chain accepts and what is in its normal form", async () => {
    const isNormal = (productId: string) =>
      accepts(() => normaliseProductId(productId)) && normaliseProductId(productId) === productId;
    await expectAgreement(productIdText, {
      solidity: async (cases) => {
        const accepted = await askWhetherAccepted(
          "checkProductId",
          cases.map((productId) => [productId, NAMESPACE.length]),
        );
        return cases.map((productId, index) => accepted[index] === true && isNormal(productId));
      },
      typescript: (productId) => accepts(() => parseProductId(productId, { namespace: NAMESPACE })),
    });
  });

  it("normaliseProductId, of any text, makes only what the chain accepts", async () => {
    const normalFormOf = (productId: string) => {
      const normalForm = accepts(() => normaliseProductId(productId)) ? normaliseProductId(productId) : NAMESPACE;
      // A path may lead out of the namespace; what is left has a chance to be in another one.
      return normalForm.startsWith(NAMESPACE) && normalForm !== NAMESPACE ? normalForm : `${NAMESPACE}a`;
    };
    await expectAgreement(productIdText, {
      solidity: (cases) =>
        askWhetherAccepted(
          "checkProductId",
          cases.map((productId) => [normalFormOf(productId), NAMESPACE.length]),
        ),
      typescript: () => true,
    });
  });
});

/** Namespaces that often lie in one another, or nearly. */
const neighbours = fc.array(
  fc
    .tuple(fc.constantFrom("a.example", "aa.example"), fc.array(fc.constantFrom("a", "aa", "b"), { maxLength: 3 }))
    .map(([name, segments]) => ["https:/", name, ...segments, ""].join("/")),
  { minLength: 2, maxLength: 6 },
);

describe("admissions of the registry", () => {
  let chain: QuestionedChain;
  let registry: PassportRegistry;
  before(async () => {
    chain = await startQuestionedChain();
    registry = await chain.connection.ethers.deployContract("PassportRegistry", [0, chain.harness]);
  });

  /** Which of the namespaces, one after the other, the registry takes. */
  const admit = async (namespaces: readonly string[]) => {
    const role = await registry.ADMISSION_ROLE();
    const managers = namespaces.map((_, index) => toBeHex(0xc0ffee00 + index, 20));
    const [granted, ...admitted] = await chain.ask(
      [
        { contract: registry, name: "grantRole", args: [role, chain.harness.target] },
        ...namespaces.map((namespace, index) => ({
          contract: registry,
          name: "admitManufacturer",
          args: [namespace, managers[index]],
        })),
      ],
      { accounts: Object.fromEntries(managers.map((manager) => [manager, { code: "0x00" }])) },
    );
    if (granted?.status !== "returned") throw new Error(granted?.error);
    return admitted.map((answer) => (answer.status === "returned" ? "admitted" : answer.error));
  };

  it("of namespaces one after the other, take each that neither begins nor continues one before it", async () => {
    await expectAgreement(neighbours, {
      // Each takes a call of its own.
      runs: Math.ceil(RUNS / 4),
      solidity: (cases) => Promise.all(cases.map(admit)),
      typescript: (namespaces) => {
        const taken: string[] = [];
        return namespaces.map((namespace) => {
          if (taken.some((other) => other.startsWith(namespace) || namespace.startsWith(other))) {
            return "PassportRegistryNamespaceTaken";
          }
          taken.push(namespace);
          return "admitted";
        });
      },
    });
  });
});
