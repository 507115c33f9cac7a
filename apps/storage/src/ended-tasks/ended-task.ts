/** A task that has ended: what of it is to stay, and how often it was looked for the rest. */
export interface EndedTask {
  taskId: string;
  ownerId: string;
  /** The files of its result; none when the task is gone altogether. */
  kept: string[];
  /** How many looks have found nothing. */
  looks: number;
}

/**
 * Seconds after the end at which it is looked for what came late: a worker that was not told writes until its lease is over, a cut-off
 * one for longer, and an address to write to lives for a quarter of an hour more than the day that a task may take.
 */
const lookAfter = [0, 300, 3600, 90_000];

/** When to look next, in seconds after the end, once so many looks have found nothing; null: never again, the task is forgotten. */
export const nextLook = (looks: number): number | null => lookAfter[looks] ?? null;

/** The objects that no file stands for. */
export const strays = (keys: readonly string[], files: readonly { objectKey: string }[]): string[] => {
  const known = new Set(files.map(({ objectKey }) => objectKey));
  return keys.filter((key) => !known.has(key));
};
