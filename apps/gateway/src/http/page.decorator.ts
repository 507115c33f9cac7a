import { ApiQuery } from '@nestjs/swagger';
import { PageOf } from '#contracts';
import { validated } from '#messaging';
import { documentedParameter } from './documented-parameter.decorator.js';
import { Refuses } from './refuses.decorator.js';

/** Which part of a list is asked for: `?limit=1..100&cursor=`. A wrong one is a 422. */
export const Page = (): ParameterDecorator =>
  documentedParameter(
    ({ query }) => pageOf(query as Record<string, unknown>),
    ApiQuery({ name: 'limit', required: false, schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } }),
    ApiQuery({
      name: 'cursor',
      required: false,
      schema: { type: 'string' },
      description: "Another page's `next_cursor`; without it, the newest",
    }),
    Refuses('invalid_parameters'),
  );

function pageOf({ limit, cursor }: Record<string, unknown>): PageOf {
  const number = typeof limit === 'string' && /^\d{1,9}$/.test(limit) ? Number(limit) : limit;
  return validated(PageOf, {
    ...(limit === undefined ? {} : { limit: number }),
    ...(cursor === undefined ? {} : { cursor }),
  });
}
