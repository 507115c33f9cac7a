import { Writable } from 'node:stream';
import { withRequest } from '#telemetry';
import { createLogger, NestLogger } from './logging.js';

describe('a log line', () => {
  const written: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      written.push(chunk.toString());
      done();
    },
  });
  const logger = createLogger('test', 'info', stream);
  const last = (): Record<string, unknown> => JSON.parse(written.at(-1)!) as Record<string, unknown>;

  it('names the service and the request it belongs to', () => {
    withRequest({ requestId: 'r-1' }, () => new NestLogger(logger).log('hello', 'Somewhere'));
    expect(last()).toMatchObject({ service: 'test', request_id: 'r-1', context: 'Somewhere', msg: 'hello' });
  });

  it('carries no credential, wherever it turns up', () => {
    logger.info({ password: 'hunter2', headers: { authorization: 'Bearer abc' }, a: { b: { refresh_token: 'xyz' } } });
    expect(written.at(-1)).not.toMatch(/hunter2|abc|xyz/);
  });

  it('says what failed without the values it failed with', () => {
    const error = Object.assign(new Error('duplicate key'), {
      code: '23505',
      parameters: ['ada@example.org'],
      query: 'INSERT',
    });
    new NestLogger(logger).error({ err: error }, 'Somewhere');
    expect(last().err).toMatchObject({ message: 'duplicate key', code: '23505' });
    expect(written.at(-1)).not.toContain('ada@example.org');
  });

  it('leaves the noise of the framework out', () => {
    const before = written.length;
    new NestLogger(logger).log('mapped {/x}', 'RouterExplorer');
    expect(written).toHaveLength(before);
  });
});
