#!/usr/bin/env node
// A file of its own, so that npm can link the command before anything is built.
import { existsSync } from "node:fs";
import { stderr } from "node:process";

const program = new URL("../dist/main.js", import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  stderr.write("Error The passport command is not built yet. Run npm run build, then try again.\n");
  process.exitCode = 2;
}
