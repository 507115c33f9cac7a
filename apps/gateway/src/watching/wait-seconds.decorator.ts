import { ApiQuery } from '@nestjs/swagger';
import { Problem } from '#contracts';
import { documentedParameter } from '../http/documented-parameter.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';

const longest = 60;

/** How many seconds the answer may wait for news, `?wait=1..60`; 0 when the client does not say. A wrong one is a 422. */
export const WaitSeconds = (): ParameterDecorator =>
  documentedParameter(
    ({ query }) => secondsOf(query as Record<string, unknown>),
    ApiQuery({
      name: 'wait',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: longest },
      description:
        'Seconds for which the answer may be held until the status or the progress changes. A task that has ended is answered at once.',
    }),
    Refuses('invalid_parameters'),
  );

function secondsOf({ wait }: Record<string, unknown>): number {
  if (wait === undefined) return 0;
  const seconds = typeof wait === 'string' && /^\d{1,9}$/.test(wait) ? Number(wait) : 0;
  if (seconds >= 1 && seconds <= longest) return seconds;
  const message = `wait must be a whole number of seconds from 1 to ${longest}`;
  throw new Problem('invalid_parameters', message, { errors: [{ pointer: '/wait', message }] });
}
