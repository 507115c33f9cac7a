import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import { documentedParameter } from '../http/documented-parameter.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';

const name = 'Last-Event-ID';
/** No event has a longer number. */
const eventNumber = /^\d{1,9}$/;

/** The number of the last event that the client has (WHATWG HTML §9.2.4), if it has one. A wrong one is a 422. */
export const LastEventId = (): ParameterDecorator =>
  documentedParameter(
    numberOf,
    ApiHeader({
      name,
      required: false,
      schema: { type: 'integer', minimum: 0 },
      description: 'Go on after this event. Without it the stream begins with the task as it is',
    }),
    Refuses('invalid_parameters'),
  );

function numberOf({ headers }: FastifyRequest): number | undefined {
  const id = headers['last-event-id'];
  if (id === undefined) return undefined;
  if (typeof id === 'string' && eventNumber.test(id)) return Number(id);
  const message = `${name} must be the id of an event, a whole number`;
  throw new Problem('invalid_parameters', message, { errors: [{ pointer: `/${name}`, message }] });
}
