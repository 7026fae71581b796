import { createProgram } from "./create-program.js";
import { runCommand } from "./terminal/run-command.js";

await runCommand(createProgram());
