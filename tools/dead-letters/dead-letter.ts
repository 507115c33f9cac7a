import type { Message, Options } from 'amqplib';

/** A message that could not be handled, with what the broker and its sender say of it. */
export interface DeadLetter {
  id: string;
  type: string;
  /** ISO 8601; null when the broker does not say. */
  since: string | null;
  /** `rejected`, `expired`, `maxlen` or `delivery_limit`; `unknown` when the broker does not say. */
  reason: string;
  requestId: string | null;
  /** The queue it was parked from; null when nothing says so. */
  origin: string | null;
  /** How often it was handed out since it was parked. */
  looks: number;
}

/** An entry of `x-death`, newest first: https://www.rabbitmq.com/docs/dlx#effects */
interface Death {
  queue?: string;
  reason?: string;
  time?: { '!': 'timestamp'; value: number };
}

/** What the broker adds when it parks or hands out: none of it belongs to the message. */
const ofBroker = /^(x-death|x-(first|last)-death-.*|x-delivery-count|x-acquired-count)$/;
/** The same for a message that was put back by us, so that it stays known after the broker has forgotten. */
const parkedHeader = 'x-parked';

interface Parked {
  origin: string | null;
  since: string | null;
  reason: string;
}

/** Reads a message of a queue of dead letters. `<service>.events.dead` takes from `<service>.events` alone. */
export function deadLetterOf({ properties }: Message, queue: string): DeadLetter {
  const headers: Record<string, unknown> = properties.headers ?? {};
  return {
    id: String(properties.messageId ?? ''),
    type: String(properties.type ?? ''),
    requestId: typeof headers['x-request-id'] === 'string' ? headers['x-request-id'] : null,
    looks: Number(headers['x-delivery-count'] ?? 0),
    ...parkingOf(headers, queue),
  };
}

function parkingOf(headers: Record<string, unknown>, queue: string): Parked {
  const known = headers[parkedHeader] as string | undefined;
  if (known) return JSON.parse(known) as Parked;
  const death = (headers['x-death'] as Death[] | undefined)?.[0];
  return {
    origin: queue.endsWith('.events.dead') ? queue.slice(0, -'.dead'.length) : (death?.queue ?? null),
    since: death?.time ? new Date(death.time.value * 1000).toISOString() : null,
    reason: death?.reason ?? 'unknown',
  };
}

/** The message as it was before it was parked. Its id is the same: whoever handled it already will know it. */
export const asBefore = ({ properties }: Message): Options.Publish => optionsOf(properties, {});

/** The message as it is, for the same queue of dead letters once more. */
export const asParked = (message: Message, queue: string): Options.Publish =>
  optionsOf(message.properties, {
    [parkedHeader]: JSON.stringify(parkingOf(message.properties.headers ?? {}, queue)),
  });

type KeptProperty = 'messageId' | 'type' | 'contentType' | 'correlationId';

function optionsOf(properties: Message['properties'], more: Record<string, unknown>): Options.Publish {
  const own = Object.entries(properties.headers ?? {}).filter(
    ([name]) => !ofBroker.test(name) && name !== parkedHeader,
  );
  const { messageId, type, contentType, correlationId } = properties as Pick<Options.Publish, KeptProperty>;
  return {
    headers: { ...Object.fromEntries(own), ...more },
    persistent: true,
    mandatory: true,
    ...(messageId === undefined ? {} : { messageId }),
    ...(type === undefined ? {} : { type }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(correlationId === undefined ? {} : { correlationId }),
  };
}
