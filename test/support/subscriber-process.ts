/** An MQTT client in a process of its own that takes every message and does nothing with it: what a relay is compared with. */
import { argv, stdout } from "node:process";
import { connectAsync } from "mqtt";

const [, , url = "", topic = "", clientId = ""] = argv;
const client = await connectAsync(url, { clientId, protocolVersion: 4, clean: false });
await client.subscribeAsync(topic, { qos: 1 });
stdout.write("started\n");
