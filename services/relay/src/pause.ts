/**
 * Waits.
 *
 * @param milliseconds - how long
 * @param signal - ends the waiting at once
 * @returns fulfilled after the time or the signal, whatever comes first
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}
