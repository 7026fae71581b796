/**
 * An MQTT broker in a process of its own, so that it can be killed: forgets everything, except that it notes in a file which
 * messages their receiver has acknowledged.
 */
import { appendFileSync } from "node:fs";
import { createServer } from "node:net";
import { argv, stdout } from "node:process";
import { Aedes } from "aedes";

/** What the broker works on; its only argument, as JSON. */
export interface BrokerProcessOptions {
  readonly port: number;
  /** A line for each message that was acknowledged: its payload. */
  readonly acknowledged: string;
  /** Of the client whose acknowledgements are noted. */
  readonly clientId: string;
}

// Safety: the test that starts this process writes it.
const options = JSON.parse(argv[2] ?? "") as BrokerProcessOptions;
const broker = await Aedes.createBroker();
broker.on("ack", (packet, client) => {
  if (client?.id !== options.clientId || !("payload" in packet)) return;
  appendFileSync(options.acknowledged, `${String(packet.payload)}\n`);
});
createServer(broker.handle).listen(options.port, "127.0.0.1", () => stdout.write("started\n"));
