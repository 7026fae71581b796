import { env } from "node:process";
import type { Command } from "commander";

interface Options {
  readonly config?: string;
}

/**
 * Adds `passport relay`.
 *
 * @param program - the `passport` command
 */
export function addRelayCommand(program: Command): void {
  program
    .command("relay")
    .description(
      "Takes readings of sensors over MQTT, HTTP and CoAP, and anchors every single one, until Ctrl-C or SIGTERM.",
    )
    .option("--config <file>", "YAML file; what PASSPORT_RELAY_... variables say goes before it")
    .addHelpText(
      "after",
      `
It answers with exit code 0 when it was told to end; what it has acknowledged is on its disk then, and on chain if the
chain answered in time. The log goes to standard output, a line of JSON for each thing.

Example:
  $ passport relay --config relay.yaml`,
    )
    .action(async ({ config }: Options) => {
      // Broker, web server and metrics take a while to load; no other command needs them.
      const { runRelay } = await import("@digital-product-passport/relay");
      const stop = new AbortController();
      const end = (): void => stop.abort();
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, end);
      await runRelay({ config, environment: env, signal: stop.signal });
    });
}
