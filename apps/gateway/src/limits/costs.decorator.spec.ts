import type { FastifyRequest } from 'fastify';
import { costsOf } from './costs.decorator.js';

const requestAt = (url: string | undefined, config = {}) =>
  ({ routeOptions: { url, config } }) as unknown as FastifyRequest;

describe('the cost of a request', () => {
  it.each(['/', '/docs', '/docs/', '/docs/*', '/openapi.json', '/health/live', '/health/ready'])(
    'is nothing at %s',
    (url) => {
      expect(costsOf(requestAt(url))).toEqual({ points: 0, registrations: 0 });
    },
  );

  it.each([undefined, '/models', '/generate/:task_id', '/docs-json', '/healthy', '/openapi.jsonx', '/files/health/'])(
    'is one point at %s',
    (url) => {
      expect(costsOf(requestAt(url))).toEqual({ points: 1, registrations: 0 });
    },
  );

  it('is what the route says', () => {
    const costs = { points: 10, registrations: 1 };
    expect(costsOf(requestAt('/auth/register', { costs }))).toBe(costs);
  });
});
