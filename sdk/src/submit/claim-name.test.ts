import { expect } from "chai";
import { isPassportError } from "../errors/passport-error.js";
import { claimName } from "./claim-name.js";

describe("claimName", () => {
  // Where a socket is a file; the file system's way can be tried on every machine that has sockets as files.
  const platforms: readonly NodeJS.Platform[] = process.platform === "win32" ? ["win32"] : [process.platform, "darwin"];
  for (const platform of new Set(platforms)) {
    it(`${platform}, a name that is taken: journal.in-use, until it is given back`, async () => {
      const name = `test ${process.pid} ${platform}`;
      const release = await claimName(name, { platform });
      const error = await claimName(name, { platform }).catch((caught: unknown) => caught);
      expect(isPassportError(error, "journal.in-use")).to.equal(true);
      await (await claimName(`${name}, another`, { platform }))();
      await release();
      await (await claimName(name, { platform }))();
    });
  }
});
