import type { DeliveryStatus, WebhookDeliveryView, WebhookType } from '#contracts';

/** The end of a task, to be told to one address. */
export interface Delivery {
  /** The `webhook-id` of every try, by which a receiver knows a repetition. */
  id: string;
  ownerId: string;
  taskId: string;
  type: WebhookType;
  url: string;
  /** The host of the address: calls to one host wait for each other. */
  host: string;
  /** The same bytes in every try. */
  body: string;
  status: DeliveryStatus;
  attempts: number;
  responseStatus: number | null;
  error: string | null;
  createdAt: Date;
  lastAttemptAt: Date | null;
  /** While a try is on its way: when somebody else tries, should its outcome never be written down. */
  nextAttemptAt: Date | null;
}

/** What is to be told, and where. */
export type Announcement = Pick<Delivery, 'type' | 'url' | 'body'>;

/** A delivery that is due at once. */
export const newDelivery = (
  id: string,
  task: { id: string; ownerId: string },
  announcement: Announcement,
  now: Date,
): Delivery => ({
  id,
  ownerId: task.ownerId,
  taskId: task.id,
  ...announcement,
  host: new URL(announcement.url).hostname,
  status: 'pending',
  attempts: 0,
  responseStatus: null,
  error: null,
  createdAt: now,
  lastAttemptAt: null,
  nextAttemptAt: now,
});

/** What came of one try: the status of the answer, if there was one, and in plain words why it did not count. */
export interface Outcome {
  responseStatus: number | null;
  error: string | null;
}

/** What a try changes of its delivery. */
export type AfterTry = Pick<Delivery, 'status' | 'nextAttemptAt' | 'responseStatus' | 'error'>;

const [secondMs, minuteMs, hourMs] = [1000, 60_000, 3_600_000];

/** The pauses between tries: with the tries themselves a day, after which the delivery has failed. */
export const retryPausesMs: readonly number[] = [
  5 * secondMs,
  minuteMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  8 * hourMs,
  8 * hourMs,
];

/** So that those who failed together do not come back together: a pause is up to a tenth shorter or longer. */
const jitter = 0.1;

/** The answer by which a receiver says that nothing more shall come (Standard Webhooks). */
const gone = 410;

export const isGone = ({ responseStatus }: Outcome): boolean => responseStatus === gone;

/** What a delivery is after its try number `attempts`. `random` gives numbers in [0, 1). */
export function afterTry(attempts: number, outcome: Outcome, now: Date, random: () => number): AfterTry {
  if (outcome.error === null) return { ...outcome, status: 'delivered', nextAttemptAt: null };
  const pauseMs = retryPausesMs[attempts - 1];
  if (pauseMs === undefined || isGone(outcome)) return { ...outcome, status: 'failed', nextAttemptAt: null };
  const factor = 1 - jitter + 2 * jitter * random();
  return { ...outcome, status: 'pending', nextAttemptAt: new Date(now.getTime() + Math.round(pauseMs * factor)) };
}

/** A delivery as its owner sees it: without what was sent, which the task says. */
export const deliveryView = (delivery: Delivery): WebhookDeliveryView => ({
  id: delivery.id,
  task_id: delivery.taskId,
  type: delivery.type,
  url: delivery.url,
  status: delivery.status,
  attempts: delivery.attempts,
  response_status: delivery.responseStatus,
  error: delivery.error,
  created_at: delivery.createdAt.toISOString(),
  last_attempt_at: delivery.lastAttemptAt?.toISOString() ?? null,
  next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
});
