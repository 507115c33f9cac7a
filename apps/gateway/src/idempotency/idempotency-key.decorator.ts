import { ApiHeader } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#contracts';
import { documentedParameter } from '../http/documented-parameter.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';

const name = 'Idempotency-Key';
const printable = /^[\x20-\x7E]{1,255}$/;

/** The client's name for this request and its repetitions (draft-ietf-httpapi-idempotency-key-header), if it gave one. A wrong one is a 422. */
export const IdempotencyKey = (): ParameterDecorator =>
  documentedParameter(
    keyOf,
    ApiHeader({
      name,
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: printable.source },
      description:
        'A name of your own for this request, a UUID for example. Send it again with the same body after a 503 or a connection that ' +
        'broke: there will be one task, and you get the first answer again, with `Idempotent-Replayed: true`. ' +
        'A refused request leaves no key: correct it and send it with the same one. Keys are kept for a day at least.',
    }),
    Refuses('invalid_parameters', 'idempotency_key_reused'),
  );

function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && printable.test(key)) return key;
  const message = `${name} must be 1 to 255 printable ASCII characters`;
  throw new Problem('invalid_parameters', message, { errors: [{ pointer: `/${name}`, message }] });
}
