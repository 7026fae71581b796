/**
 * Tells whether a topic falls under a filter of MQTT: `+` stands for one level, `#` at the end for all that follow. Topics
 * of the broker itself, which begin with `$`, fall under no filter that begins with a wildcard.
 *
 * @param filter - that was subscribed
 * @param topic - of a message
 * @returns whether it does
 */
export function matchesTopic(filter: string, topic: string): boolean {
  if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
  const levels = topic.split("/");
  const pattern = filter.split("/");
  const isMatch = pattern.every(
    (part, index) => part === "#" || (index < levels.length && isLevel(part, levels[index])),
  );
  return isMatch && (pattern.at(-1) === "#" || pattern.length === levels.length);
}

function isLevel(part: string, level: string | undefined): boolean {
  return part === "+" || part === level;
}
