import { once } from 'node:events';
import { get as httpGet } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import fastifyServer from 'fastify';
import type { Logger } from 'pino';
import { eventually } from '#testing';
import { logRequests } from '../src/server/request-log.hook.js';

describe('the request log', () => {
  const lines: unknown[] = [];
  const note = (about: object, message: string): void => void lines.push({ ...about, message });
  const fastify = fastifyServer();
  let url: string;

  beforeAll(async () => {
    logRequests(fastify, { info: note, debug: () => {} } as unknown as Logger);
    fastify.get('/answer', () => ({}));
    fastify.get('/refusal', (_request, reply) => reply.status(409).send({}));
    fastify.get('/health/live', () => ({}));
    fastify.get('/endless', (_request, reply) => reply.send(endless()));
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    url = `http://127.0.0.1:${(fastify.server.address() as AddressInfo).port}`;
  });
  afterAll(() => fastify.close());
  beforeEach(() => {
    lines.length = 0;
  });

  const endless = (): Readable => {
    const stream = new Readable({ read() {} });
    stream.push('begun');
    return stream;
  };

  it('has a line for every answer, without the query, and none for probes', async () => {
    for (const path of ['/answer?token=secret', '/refusal', '/health/live']) await fetch(url + path);
    await eventually(() => expect(lines).toHaveLength(2));
    expect(lines).toEqual([
      {
        request_id: 'req-1',
        method: 'GET',
        path: '/answer',
        status: 200,
        duration_ms: expect.any(Number),
        message: 'answered',
      },
      expect.objectContaining({ path: '/refusal', status: 409, message: 'answered' }),
    ]);
  });

  it('has one for an answer that the client did not stay for', async () => {
    const client = httpGet(`${url}/endless`, { agent: false });
    await once(client, 'response');
    expect(lines).toEqual([]);
    client.destroy();
    await eventually(() => expect(lines).toHaveLength(1));
    expect(lines).toEqual([expect.objectContaining({ path: '/endless', status: 200, message: 'the client left' })]);
  });
});
