import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { execPath } from "node:process";
import { projectFolder } from "../../scripts/lib/project-paths.js";

/** Installs the peers by the lock file of their own, unless they are there. */
export function installPeers(): void {
  const bootstrap = join(projectFolder, "scripts", "bootstrap.mjs");
  const { status } = spawnSync(execPath, [bootstrap, join("benchmarks", "peers")], { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("The peers could not be installed: what npm said stands above");
}
