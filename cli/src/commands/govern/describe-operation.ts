import type { PassportClient, ScheduledOperation } from "@digital-product-passport/sdk";
import type { Connection } from "../../options/connection.js";
import type { Changes } from "../../terminal/print-changes.js";
import { timeInWords } from "../../terminal/time-in-words.js";
import { timelockInWords } from "./timelocks.js";

/**
 * Says what an operation of a timelock changes, and how long it still waits.
 *
 * @param client - reads
 * @param options - `connection`; the operation, as the chain has it
 * @returns sentences and facts
 * @throws PassportError `chain.*`
 */
export async function describeOperation(
  client: PassportClient,
  { connection, operation: scheduled }: { readonly connection: Connection; readonly operation: ScheduledOperation },
): Promise<Changes> {
  const { executableFrom, id, operation, secondsLeft, state, timelock } = scheduled;
  const sentences = await Promise.all(operation.calls.map(async (call) => (await client.describeCall(call)).inWords));
  const facts = {
    state: state === "waiting" ? `waiting, ${timeLeftInWords(secondsLeft)} left` : state,
    "executable from": executableFrom === undefined ? undefined : timeInWords(executableFrom),
    after: BigInt(operation.predecessor) === 0n ? undefined : operation.predecessor,
    timelock: timelockInWords(connection, timelock),
    operation: id,
  };
  return { sentences, facts };
}

/** Of a waiting time nobody wants the odd seconds. */
function timeLeftInWords(seconds: bigint): string {
  const [days, hours, minutes] = [seconds / 86_400n, (seconds % 86_400n) / 3_600n, (seconds % 3_600n) / 60n];
  return days > 0n ? `${days} d ${hours} h` : hours > 0n ? `${hours} h ${minutes} min` : `${minutes} min`;
}
