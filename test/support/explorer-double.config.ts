import { env } from "node:process";
import config from "../../hardhat.config.js";
import { withExplorersAt } from "./explorer-double.js";

/** The project's configuration with the explorers of a test: for a script in a process of its own, by HARDHAT_CONFIG. */
export default withExplorersAt(config, {
  url: env["EXPLORER_DOUBLE_URL"] ?? "",
  apiKey: env["EXPLORER_DOUBLE_KEY"] ?? "",
});
