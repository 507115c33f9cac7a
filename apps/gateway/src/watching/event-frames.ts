import type { TaskEvent } from '#contracts';

/** The first lines of a stream: when to come back after it broke (WHATWG HTML §9.2.6). */
export const retryFrame = (ms: number): string => `retry: ${ms}\n\n`;

/** A line that says nothing, so that nobody between here and the client takes the silence for an end. */
export const commentFrame = ':\n\n';

/** An event with its number. JSON has no line breaks of its own, so it is one line of data. */
export const eventFrame = ({ seq, task }: TaskEvent): string =>
  `id: ${seq}\nevent: task\ndata: ${JSON.stringify(task)}\n\n`;
