import { ApiQuery } from '@nestjs/swagger';
import { Problem } from '#contracts';
import { documentedParameter } from '../http/documented-parameter.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';

/** Whether the client would rather be sent to the store: `?redirect=true`. Anything but true and false is a 422. */
export const WantsRedirect = (): ParameterDecorator =>
  documentedParameter(
    ({ query }) => redirectOf((query as { redirect?: unknown }).redirect),
    ApiQuery({
      name: 'redirect',
      required: false,
      schema: { type: 'boolean', default: false },
      description: 'Answer with an address of the store, good for minutes, where this deployment has one for clients',
    }),
    Refuses('invalid_parameters'),
  );

function redirectOf(asked: unknown): boolean {
  if (asked === undefined || asked === 'false') return false;
  if (asked === 'true') return true;
  const message = 'redirect must be true or false';
  throw new Problem('invalid_parameters', message, { errors: [{ pointer: '/redirect', message }] });
}
