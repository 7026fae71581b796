import { expect } from "chai";
import fc from "fast-check";
import { httpsUrlSchema, normaliseHttpsUrl } from "./https-url.js";

describe("normaliseHttpsUrl", () => {
  for (const [circumstance, text, url] of [
    ["upper case in scheme and host", "HTTPS://ID.Weg.Example/Motor", "https://id.weg.example/Motor"],
    ["the default port", "https://id.weg.example:443/a", "https://id.weg.example/a"],
    ["another port, which it keeps", "https://id.weg.example:8443/a", "https://id.weg.example:8443/a"],
    ["dot segments", "https://id.weg.example/a/../b/./c", "https://id.weg.example/b/c"],
    ["encoded dot segments", "https://id.weg.example/a/%2E%2e/b", "https://id.weg.example/b"],
    ["needless encoding", "https://id.weg.example/%61%2D%7e", "https://id.weg.example/a-~"],
    ["lower-case hex", "https://id.weg.example/a%2fb%c3%a9", "https://id.weg.example/a%2Fb%C3%A9"],
    [
      "encoded characters that mean something else bare",
      "https://id.weg.example/a%2Bb+c",
      "https://id.weg.example/a%2Bb+c",
    ],
    [
      "bare characters that need encoding",
      'https://id.weg.example/a"b^{c}|',
      "https://id.weg.example/a%22b%5E%7Bc%7D%7C",
    ],
  ] as const) {
    it(`normalises ${circumstance}`, () => expect(normaliseHttpsUrl(text)).to.deep.equal({ url }));
  }

  for (const [circumstance, text] of [
    ["nothing", ""],
    ["http", "http://id.weg.example/a"],
    ["no host", "https:///a"],
    ["a scheme without slashes", "https:id.weg.example/a"],
    ["a user", "https://weg@id.weg.example/a"],
    ["a user without a name", "https://:x@id.weg.example/a"],
    ["a query", "https://id.weg.example/a?b"],
    ["an empty query", "https://id.weg.example/a?"],
    ["a fragment", "https://id.weg.example/a#b"],
    ["a backslash", "https://id.weg.example\\@evil.example/a"],
    ["no path", "https://id.weg.example"],
    ["an empty path", "https://id.weg.example/"],
    ["a trailing slash", "https://id.weg.example/a/"],
    ["an empty segment", "https://id.weg.example/a//b"],
    ["a path that leads nowhere", "https://id.weg.example/a/.."],
    ["a space", "https://id.weg.example/a b"],
    ["a line break", "https://id.weg.example/a\n"],
    ["a letter outside ASCII", "https://id.weg.example/é"],
    ["a broken percent sign", "https://id.weg.example/100%"],
    ["an encoded null", "https://id.weg.example/a%00"],
    ["an encoded line break", "https://id.weg.example/a%0D%0A"],
    ["an IPv4 address", "https://127.0.0.1/a"],
    ["an IPv4 address in hex", "https://0x7f000001/a"],
    ["an IPv6 address", "https://[::1]/a"],
    ["an underscore in the host", "https://id_weg.example/a"],
    ["a dot behind the host", "https://id.weg.example./a"],
    ["a port that is none", "https://id.weg.example:99999/a"],
    ["more than 256 bytes", `https://id.weg.example/${"a".repeat(256)}`],
    ["more than 256 bytes after encoding", `https://id.weg.example/${'"'.repeat(100)}`],
  ] as const) {
    it(`refuses ${circumstance}`, () => expect(normaliseHttpsUrl(text)).to.have.property("problem"));
  }

  it("accepts exactly 256 bytes", () => {
    const url = `https://id.weg.example/${"a".repeat(256 - 23)}`;
    expect(url).to.have.length(256);
    expect(normaliseHttpsUrl(url)).to.deep.equal({ url });
  });

  it("leaves its own result as it is, and never lets it leave the host", () => {
    const segment = fc.string({ unit: fc.constantFrom(..."aZ0-._~!$&'()*+,;=:@%2F4eE/^|{}\"<>`") });
    fc.assert(
      fc.property(segment, (path) => {
        const normalised = normaliseHttpsUrl(`https://id.weg.example/${path}`);
        if ("problem" in normalised) return;
        expect(normaliseHttpsUrl(normalised.url)).to.deep.equal(normalised);
        expect(new URL(normalised.url).href).to.equal(normalised.url);
        expect(normalised.url.startsWith("https://id.weg.example/")).to.equal(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("httpsUrlSchema", () => {
  it("accepts the normal form only, and names it otherwise", () => {
    expect(httpsUrlSchema.safeParse("https://id.weg.example/a").success).to.equal(true);
    expect(httpsUrlSchema.safeParse("https://id.weg.example/%61").error?.message).to.include(
      "https://id.weg.example/a",
    );
    expect(httpsUrlSchema.safeParse("http://id.weg.example/a").success).to.equal(false);
  });
});
