import type { ChildProcess } from "node:child_process";

/**
 * Waits until a program says something, and goes on reading afterwards: one that nobody listens to any more fails when it
 * says more.
 *
 * @param child - the program, whose output is a pipe
 * @param text - what it says
 * @throws Error when it ends before
 */
export async function waitForOutput(child: ChildProcess, text: string): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (chunk) => {
      said += String(chunk);
      if (said.includes(text)) resolve();
    });
    child.once("exit", () => reject(new Error(`The program ended without saying "${text}", but:\n${said}`)));
  });
}
