/** Wakes those who wait for something to change; they look for themselves what it was. */
export interface ChangeSignal {
  readonly notify: () => void;
  /** Fulfilled at the next change. */
  readonly wait: () => Promise<void>;
}

/**
 * Makes a signal.
 *
 * @returns the signal
 */
export function createChangeSignal(): ChangeSignal {
  let waiting: (() => void)[] = [];
  return {
    notify: () => {
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    },
    wait: () => new Promise((resolve) => waiting.push(resolve)),
  };
}
