import type { OpenAPIObject } from '@nestjs/swagger';
import { problemContent } from '../http/refuses.decorator.js';
import { isFree } from './costs.decorator.js';

const field = (description: string, example: string) => ({ description, schema: { type: 'string' as const, example } });

const headers = {
  'RateLimit-Policy': field('The limits that the request came under', '"address";q=2400;w=60, "account";q=1200;w=60'),
  RateLimit: field(
    'What is left of each, and the seconds until it is whole again',
    '"address";r=2390;t=60, "account";r=0;t=17',
  ),
  'Retry-After': field('Seconds', '17'),
};

/** Every route that costs something may be refused for a limit, whatever it is refused for by itself. */
export function describeLimits({ paths }: OpenAPIObject): void {
  for (const [path, { get, head, post, put, patch, delete: remove }] of Object.entries(paths)) {
    if (isFree(path)) continue;
    for (const operation of [get, head, post, put, patch, remove]) {
      if (!operation) continue;
      const own = operation.responses['429'] as { description?: string; content: typeof problemContent } | undefined;
      const description = [own?.description, 'too_many_requests'].filter(Boolean).join(', ');
      operation.responses['429'] = { content: problemContent, ...own, description, headers };
    }
  }
}
