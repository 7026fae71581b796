import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath, platform } from "node:process";
import { expect } from "chai";
import { z } from "zod";
import { findDeviations } from "../../scripts/demo/find-deviations.js";
import { projectRoot } from "../support/project-files.js";
import { runScript, type ScriptResult } from "../support/run-script.js";
import { runTypeScript } from "../support/start-dev.js";
import { waitForOutput } from "../support/wait-for-output.js";

/** What `npm start -- --json` prints, as far as others rely on it. */
const resultSchema = z.object({
  deviations: z.array(z.string()),
  issued: z.object({ motors: z.array(z.object({ productId: z.string(), passport: z.string() })) }),
  motor: z.object({ productId: z.string(), passport: z.string() }),
  life: z.object({
    steps: z.array(
      z.object({
        what: z.string(),
        sequence: z.string().optional(),
        signedBy: z.string(),
        paidBy: z.string(),
        cost: z.object({ gas: z.string(), compressedBytes: z.number(), usCents: z.number().positive() }),
      }),
    ),
    balancesWei: z.record(z.string(), z.string()),
  }),
  verification: z.object({
    status: z.string(),
    checks: z.array(z.object({ question: z.string(), status: z.string(), code: z.string(), reason: z.string() })),
    history: z.array(
      z.object({
        sequence: z.string(),
        event: z.string(),
        by: z.string(),
        roles: z.array(z.string()),
        condition: z.array(z.string()),
      }),
    ),
  }),
  readings: z.object({
    published: z.number(),
    motors: z.array(
      z.object({
        series: z.array(z.object({ count: z.number() })),
        gaps: z.array(z.object({ sensor: z.string(), first: z.number(), last: z.number() })),
        alarms: z.array(z.string()),
      }),
    ),
    checks: z.array(z.object({ question: z.string(), status: z.string(), code: z.string(), reason: z.string() })),
    forged: z.object({ checks: z.array(z.object({ code: z.string() })) }),
  }),
  attacks: z.array(z.object({ attack: z.string(), outcome: z.string(), code: z.string(), reason: z.string() })),
});

type Result = z.infer<typeof resultSchema>;

const DEFAULT_PORT_OF_A_CHAIN = 8_545;

describe("npm start", () => {
  let folder: string;
  let run: ScriptResult;
  let result: Result;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "start-test-"));
    const release = await occupyPort(DEFAULT_PORT_OF_A_CHAIN);
    try {
      run = await start("--json");
    } finally {
      await release();
    }
    result = resultSchema.parse(JSON.parse(run.stdout));
  });
  after(() => rm(folder, { recursive: true }));

  /** Its temporary files go to a folder that nobody else uses. */
  async function start(...options: readonly string[]): Promise<ScriptResult> {
    const temporary = join(folder, "temporary");
    await mkdir(temporary, { recursive: true });
    return runScript("scripts/start.ts", { arguments: options, env: { TMPDIR: temporary, TEMP: temporary } });
  }

  async function listLeftovers(): Promise<readonly string[]> {
    return (await readdir(join(folder, "temporary"))).filter((name) => name.startsWith("passport-"));
  }

  async function writeMotors(name: string, change: (lines: readonly string[]) => readonly string[]): Promise<string> {
    const lines = (await readFile(join(projectRoot, "examples", "motors.csv"), "utf8")).split("\n");
    const file = join(folder, name);
    await writeFile(file, change(lines).join("\n"));
    return file;
  }

  it("beside a chain at the usual port, ends with exit code 0 and says nothing on stderr", () => {
    expect(run).to.deep.include({ exitCode: 0, stderr: "" });
    expect(result.deviations).to.deep.equal([]);
  });

  it("leaves nothing on disk", async () => {
    expect(await listLeftovers()).to.deep.equal([]);
  });

  it("issues every motor of examples/motors.csv, each with a passport of its own", () => {
    const { motors } = result.issued;
    expect(motors.length).to.be.at.least(25);
    expect(new Set(motors.map(({ passport }) => passport)).size).to.equal(motors.length);
    expect(motors).to.deep.include(result.motor);
  });

  it("shows the whole life from outside: events, names and roles, condition after each", () => {
    const shown = result.verification.history.map(({ event, by, roles, condition }) => [
      event,
      by,
      roles.join(),
      condition.join(),
    ]);
    expect(shown).to.deep.equal([
      ["MANUFACTURED", "WEG (sample data)", "MANAGER", "ISSUED"],
      ["QUALITY_TESTED", "Sample Test Lab", "CERTIFIER", "ISSUED"],
      ["SHIPPED", "Sample Export", "EXPORTER", "ISSUED"],
      ["RECEIVED", "Sample Pumps", "JOINT_MANUFACTURER", "ISSUED"],
      ["OWNERSHIP_TRANSFERRED", "Sample Waterworks", "OWNER", "ISSUED"],
      ["COMMISSIONED", "Sample Pumps", "JOINT_MANUFACTURER", "ISSUED,IN_SERVICE"],
      ["INSPECTED", "Sample Authority", "REGULATOR", "ISSUED,IN_SERVICE"],
      ["RECALLED", "WEG (sample data)", "MANUFACTURER", "ISSUED,IN_SERVICE,RECALLED"],
      ["MAINTAINED", "Sample Service", "TECHNICIAN", "ISSUED,IN_SERVICE,RECALLED"],
      ["RECALL_CLOSED", "WEG (sample data)", "MANUFACTURER", "ISSUED,IN_SERVICE"],
      ["DECOMMISSIONED", "Sample Waterworks", "OWNER", "ISSUED,RETIRED"],
      ["RECYCLED", "Sample Recycling", "RECYCLER", "ISSUED,RETIRED"],
    ]);
  });

  it("lets technician and buyer sign what others submit and pay for", () => {
    const { balancesWei, steps } = result.life;
    expect(balancesWei).to.deep.equal({ technician: "0", buyer: "0" });
    const signedForOthers = steps.filter(({ signedBy, paidBy }) => signedBy !== paidBy);
    expect(signedForOthers.map(({ what, signedBy }) => [what, signedBy])).to.deep.equal([
      ["OWNERSHIP_TRANSFERRED", "buyer"],
      ["MAINTAINED", "technician"],
      ["DECOMMISSIONED", "buyer"],
    ]);
  });

  it("proves each verdict, and names its reason", () => {
    const { checks, status } = result.verification;
    expect(status).to.equal("valid");
    expect(checks.map(({ question, status: verdict, code }) => [question, verdict, code])).to.deep.equal([
      ["registration", "valid", "registration.proven"],
      ["history", "valid", "history.proven"],
      ["documents", "valid", "documents.valid"],
      ["authority", "valid", "authority.on-record"],
      ["condition", "valid", "condition.notable"],
      ["succession", "notApplicable", "succession.none"],
      ["freshness", "valid", "freshness.current"],
    ]);
    expect(checks.map(({ reason }) => reason)).not.to.include("");
    expect(checks.find(({ question }) => question === "documents")?.reason).to.contain("The file that they list");
  });

  it("refuses or detects each attack, for the right reason", () => {
    expect(result.attacks.map(({ outcome, code }) => [outcome, code])).to.deep.equal([
      ["detected", "documents.invalid"],
      ["detected", "documents.attachment-invalid"],
      ["refused", "contract.manufacturer-manager-role-missing"],
      ["refused", "contract.attester-signature-invalid"],
      ["refused", "contract.digital-passport-signature-used"],
      ["refused", "contract.attester-signature-invalid"],
    ]);
    expect(result.attacks[2]?.reason).to.contain("MANUFACTURER, TECHNICIAN");
  });

  it("with other motors, says it all in lines of at most 100 characters, without colours", async () => {
    const { exitCode, stdout, stderr } = await start(
      "--motors",
      await writeMotors("four.csv", (all) => all.slice(0, 5)),
    );
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: "" });
    expect(stdout.split("\n").filter((line) => line.length > 100)).to.deep.equal([]);
    // Nor was anything cut off to fit.
    expect(stdout).not.to.contain("\u001b").and.not.to.contain("…");
    expect(stdout).to.contain("4 passports").and.to.contain("RECYCLED").and.to.contain("npm run dev");
  });

  it("with a file that is not there, ends with exit code 2 and names the file", async () => {
    const missing = join(folder, "missing.csv");
    const { exitCode, stdout, stderr } = await start("--motors", missing, "--json");
    expect({ exitCode, stdout }).to.deep.equal({ exitCode: 2, stdout: "" });
    const { error } = JSON.parse(stderr);
    expect(error).to.deep.include({ code: "input.invalid" });
    expect(error.message).to.contain(missing);
  });

  it("with a row that cannot be issued, ends with exit code 2, names line, field and reason, and tidies up", async () => {
    const file = await writeMotors("broken.csv", ([head = "", first = "", second = ""]) => [
      head,
      first,
      second.replace("/01/09521122000026/", "/01/09521122000027/"),
    ]);
    const { exitCode, stderr } = await start("--motors", file);
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain("line 3").and.to.contain("check digit").and.to.contain("productId");
    expect(await listLeftovers()).to.deep.equal([]);
  });

  it("with an unknown option, ends with exit code 2; with --help, explains itself", async () => {
    const [unknown, help] = await Promise.all([start("--motor"), start("--help")]);
    expect(unknown).to.deep.include({ exitCode: 2, stdout: "" });
    expect(help.exitCode).to.equal(0);
    expect(help.stdout).to.contain("--motors").and.to.contain("--json").and.to.contain("Exit code");
  });

  describe("findDeviations", () => {
    type Findings = Parameters<typeof findDeviations>[0];

    const deviationsAfter = (
      change: (findings: Result & { verificationAfterwards: Result["verification"] }) => void,
    ) => {
      const findings = { ...structuredClone(result), verificationAfterwards: structuredClone(result.verification) };
      change(findings);
      // Safety: what is bigint in the original and text in JSON is only compared and shown.
      return findDeviations(findings as unknown as Findings);
    };

    it("all as it must be, finds none", () => {
      expect(deviationsAfter(() => undefined)).to.deep.equal([]);
    });

    it("an attack that succeeded or failed by chance, names it", () => {
      for (const outcome of ["succeeded", "undecided"]) {
        const [deviation, ...others] = deviationsAfter(({ attacks }) => Object.assign(attacks[4] ?? {}, { outcome }));
        expect(deviation).to.contain("a second time").and.to.contain(outcome);
        expect(others).to.deep.equal([]);
      }
    });

    it("a verdict that is another one, or missing, names it", () => {
      const [other] = deviationsAfter(({ verification: { checks } }) =>
        Object.assign(checks[1] ?? {}, { code: "history.head-differs" }),
      );
      expect(other).to.contain("history.head-differs");
      const [missing] = deviationsAfter(({ verification }) => verification.checks.shift());
      expect(missing).to.contain("registration");
    });

    it("an entry less than happened, shows both", () => {
      const [deviation] = deviationsAfter((findings) => {
        findings.verification.history.pop();
        findings.verificationAfterwards.history.pop();
      });
      expect(deviation).to.match(/DECOMMISSIONED; but .* RECYCLED/);
    });

    it("a history that an attack has changed, says so", () => {
      const deviations = deviationsAfter(({ verificationAfterwards }) => verificationAfterwards.history.pop());
      expect(deviations).to.deep.equal(["The attacks have changed the history."]);
    });

    it("a reading that is not anchored, says so", () => {
      const [deviation] = deviationsAfter(({ readings }) => Object.assign(readings, { published: 576 }));
      expect(deviation).to.equal("576 readings were published, 575 are anchored.");
    });

    it("another gap, an alarm of the wrong motor, a proof that fails, a forgery that does not: says so", () => {
      const deviations = deviationsAfter(({ readings: { motors, checks, forged } }) => {
        motors[1]?.gaps.pop();
        motors[1]?.alarms.push("over-temperature");
        Object.assign(checks[0] ?? {}, { status: "invalid" });
        forged.checks.shift();
      });
      expect(deviations).to.have.length(4);
      expect(deviations[0]).to.equal("Missing readings: none.");
    });

    it("a technician who was given ETH, says so", () => {
      const [deviation] = deviationsAfter(({ life }) => Object.assign(life.balancesWei, { technician: 1n }));
      expect(deviation).to.contain("technician").and.to.contain("1 wei");
    });
  });

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    it(`ended in the middle by ${signal}, leaves no file behind and exits with ${code}`, async function () {
      // Windows knows no signal that asks a program to end.
      if (platform === "win32") this.skip();
      const temporary = await mkdtemp(join(folder, "interrupted-"));
      expect(await interrupt(signal, temporary)).to.equal(code);
      expect((await readdir(temporary)).filter((name) => name.startsWith("passport-"))).to.deep.equal([]);
    });
  }
});

/** Runs until it says something, then asks it to end. */
async function interrupt(signal: NodeJS.Signals, temporaryFolder: string): Promise<unknown> {
  const child = spawn(execPath, [...runTypeScript, "scripts/start.ts"], {
    cwd: projectRoot,
    env: { ...process.env, TMPDIR: temporaryFolder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  // The documents of the second part are on disk by then.
  await waitForOutput(child, "The life of");
  const ended = once(child, "exit");
  child.kill(signal);
  const [exitCode] = await ended;
  return exitCode;
}

/** Holds a port as another chain would, unless one does already. */
async function occupyPort(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
  });
  return async () => {
    if (isListening) await new Promise((resolve) => server.close(resolve));
  };
}
