import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { expect } from "chai";
import { createHttpReceiver } from "./create-http-receiver.js";
import type { Receiver } from "./receiver.js";

describe("createHttpReceiver", () => {
  let receiver: Receiver;

  beforeEach(async () => {
    receiver = await createHttpReceiver({
      host: "127.0.0.1",
      port: 0,
      senders: [],
      takeIn: async () => [],
      maximumBodyBytes: 1_000,
      maximumRequests: 1,
      retrySeconds: 1,
    });
  });
  afterEach(async () => await receiver.close());

  it("a stranger, is sent away before his body has come", async () => {
    const message = request(`${receiver.address}/readings`, { method: "POST" });
    message.on("error", () => undefined);
    message.write("[");
    // Safety: that is what the event brings.
    const [response] = (await once(message, "response", { signal: AbortSignal.timeout(2_000) })) as [IncomingMessage];
    message.destroy();
    expect(response.statusCode).to.equal(401);
  });
});
