import type { MessageProperties, Options } from 'amqplib';
import { type RequestContext, requestIdHeader, traceOf, traceparentHeader } from '#telemetry';

const deadlineHeader = 'x-deadline';
const versionHeader = 'x-version';

/** What a message says about itself beside its body. */
export interface Envelope {
  requestId?: string | null | undefined;
  /** The span that it was sent in. */
  traceparent?: string | null | undefined;
  /** Of the contract it was written by. */
  version?: number;
  /** Milliseconds until nobody has a use for it; null: it never comes to that. */
  remainingMs?: number | null;
}

/**
 * The AMQP properties of an envelope. The broker drops an unread message when its time is over; a reader that has taken one too late
 * knows by the header, epoch milliseconds, and does not begin.
 */
export function envelope({ requestId, traceparent, version = 1, remainingMs = null }: Envelope): Options.Publish {
  const headers = {
    ...(requestId ? { [requestIdHeader]: requestId } : {}),
    ...(traceparent ? { [traceparentHeader]: traceparent } : {}),
    [versionHeader]: version,
  };
  if (remainingMs === null) return { headers };
  return {
    headers: { ...headers, [deadlineHeader]: Date.now() + remainingMs },
    expiration: Math.max(0, Math.ceil(remainingMs)),
  };
}

type Received = Pick<MessageProperties, 'headers'>;

/** The deadline of a message that came in, in epoch milliseconds; undefined when it has none. */
export function deadlineOf({ headers }: Received): number | undefined {
  const deadline = Number(headers?.[deadlineHeader]);
  return Number.isFinite(deadline) ? deadline : undefined;
}

/** The version of the contract that a message was written by; what was written before there were any is version 1. */
export const versionOf = ({ headers }: Received): number => Number(headers?.[versionHeader] ?? 1);

/** The context in which a message that came in is handled; one without a request id is a request of its own. */
export function contextOf(properties: MessageProperties): RequestContext {
  const { headers, correlationId, messageId } = properties;
  return {
    requestId: String(headers?.[requestIdHeader] ?? messageId ?? correlationId),
    deadline: deadlineOf(properties),
    trace: traceOf(headers?.[traceparentHeader]),
  };
}
