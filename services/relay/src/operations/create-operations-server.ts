import fastify from "fastify";
import type { Registry } from "prom-client";

/** Why something does not work at present, by its name; without a reason it works. */
export type Checks = Readonly<Record<string, string | undefined>>;

/** Where operators ask, and what they are told. */
export interface OperationsServerOptions {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly registry: Registry;
  /** What must be so for the process to be worth keeping. */
  readonly health: () => Checks;
  /** What must be so for readings to be taken and anchored. */
  readonly readiness: () => Checks;
}

/**
 * Listens for `/healthz`, `/readyz` and `/metrics`. It has no secrets and no access control: it belongs on an address that
 * only operators reach.
 *
 * @param options - address and answers
 * @returns the address, and how to stop listening
 */
export async function createOperationsServer(
  options: OperationsServerOptions,
): Promise<{ readonly address: string; readonly close: () => Promise<void> }> {
  const { registry } = options;
  const app = fastify({ forceCloseConnections: true });
  for (const [path, ask] of [
    ["/healthz", options.health],
    ["/readyz", options.readiness],
  ] as const) {
    app.get(path, async (_request, reply) => {
      const checks = ask();
      const isGood = Object.values(checks).every((problem) => problem === undefined);
      const answers = Object.entries(checks).map(([name, problem]) => [name, problem ?? "ok"]);
      return await reply.code(isGood ? 200 : 503).send(Object.fromEntries(answers));
    });
  }
  app.get("/metrics", async (_request, reply) =>
    reply.header("content-type", registry.contentType).send(await registry.metrics()),
  );
  const address = await app.listen({ host: options.host, port: options.port });
  return { address, close: async () => await app.close() };
}
