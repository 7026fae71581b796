/**
 * An MQTT broker in a process of its own, so that it can be killed, or measured: forgets everything, except that it notes
 * which messages their receiver has acknowledged, or says how many those were.
 */
import { appendFileSync } from "node:fs";
import { createServer } from "node:net";
import { argv, stdout } from "node:process";
import { Aedes } from "aedes";

/** What the broker works on; its only argument, as JSON. */
export interface BrokerProcessOptions {
  readonly port: number;
  /** File for a line for each message that was acknowledged: its payload. */
  readonly acknowledged?: string;
  /** Says on its standard output whenever so many messages more were acknowledged. */
  readonly sayEvery?: number;
  /** Of the client whose acknowledgements are noted. */
  readonly clientId: string;
}

// Safety: the test that starts this process writes it.
const options = JSON.parse(argv[2] ?? "") as BrokerProcessOptions;
const broker = await Aedes.createBroker();
let count = 0;
broker.on("ack", (packet, client) => {
  if (client?.id !== options.clientId || !("payload" in packet)) return;
  count += 1;
  if (options.acknowledged !== undefined) appendFileSync(options.acknowledged, `${String(packet.payload)}\n`);
  if (count % (options.sayEvery ?? Number.POSITIVE_INFINITY) === 0) stdout.write(`${count} acknowledged\n`);
});
createServer(broker.handle).listen(options.port, "127.0.0.1", () => stdout.write("started\n"));
