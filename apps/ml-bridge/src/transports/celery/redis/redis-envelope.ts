import { fieldsOf, parsedJson } from '../../../json.js';

/** What kombu's Redis transport makes of an AMQP message: JSON in a list or on a channel. */
export interface Envelope {
  contentType: unknown;
  headers: Readonly<Record<string, unknown>>;
  correlationId?: string;
  replyTo?: string;
  body: string;
}

/** `deliveryTag`: kombu's key of the message while a worker has it, so it must be unlike any other. */
export const sealed = (
  { headers, correlationId, replyTo, body }: Omit<Envelope, 'contentType'>,
  routingKey: string,
  deliveryTag: string,
): string =>
  JSON.stringify({
    body: Buffer.from(body).toString('base64'),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers,
    properties: {
      ...(correlationId === undefined ? {} : { correlation_id: correlationId }),
      ...(replyTo === undefined ? {} : { reply_to: replyTo }),
      delivery_mode: 2,
      delivery_info: { exchange: '', routing_key: routingKey },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: deliveryTag,
    },
  });

/** null for what is no message of kombu's. */
export function opened(text: string): Envelope | null {
  const { body, headers, properties, 'content-type': contentType } = fieldsOf(parsedJson(text));
  if (typeof body !== 'string') return null;
  const isPacked = fieldsOf(properties).body_encoding === 'base64';
  return {
    contentType,
    headers: fieldsOf(headers),
    body: isPacked ? Buffer.from(body, 'base64').toString() : body,
  };
}
