import type { Command } from "commander";
import { addCancelOperationCommand, addExecuteCommand } from "./execute.js";
import { addProposeCommand } from "./propose.js";
import { addQueueCommand } from "./queue.js";
import { addGovernShowCommand } from "./show.js";
import { addGovernSignCommand } from "./sign.js";

/**
 * Adds `passport govern`.
 *
 * @param program - the `passport` command
 */
export function addGovernCommand(program: Command): void {
  const govern = program
    .command("govern")
    .description("Changes the registry by its Safe and its timelocks: propose, sign, queue, execute, cancel, show.");
  addProposeCommand(govern);
  addGovernSignCommand(govern);
  addQueueCommand(govern);
  addExecuteCommand(govern);
  addCancelOperationCommand(govern);
  addGovernShowCommand(govern);
}
