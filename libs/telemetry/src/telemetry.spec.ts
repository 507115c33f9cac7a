import { Registry, Histogram } from 'prom-client';
import { LookedUpGauge } from './looked-up-gauge.js';
import { observed } from './observed.js';
import {
  currentOrigin,
  currentRequest,
  currentTraceparent,
  withOrigin,
  withRequest,
  withTask,
} from './request-context.js';
import { traceOf, traceparentOf } from './traceparent.js';
import { beginSpan, inSpan, startTracing, stopTracing } from './tracing.js';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a traceparent', () => {
  it('names a span and comes back as it was', () => {
    expect(traceparentOf(traceOf(traceparent)!)).toBe(traceparent);
  });

  it.each([
    undefined,
    7,
    '',
    'nonsense',
    traceparent.toUpperCase(),
    traceparent.replace(/-00f0.*/, ''),
    traceparent.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
    traceparent.replace('00f067aa0ba902b7', '0'.repeat(16)),
    `ff${traceparent.slice(2)}`,
  ])('that is %j names none', (malformed) => {
    expect(traceOf(malformed)).toBeUndefined();
  });
});

describe('the context of a request', () => {
  it('goes on under the same request when something stored is taken up again', () => {
    const stored = withRequest({ requestId: 'one', trace: traceOf(traceparent) }, currentOrigin);
    expect(stored).toEqual({ requestId: 'one', traceparent });
    withOrigin(stored, 'task', () => {
      expect(currentRequest()).toMatchObject({ requestId: 'one', taskId: 'task' });
      expect(currentTraceparent()).toBe(traceparent);
    });
  });

  it('is that of the task where nothing was stored', () => {
    withOrigin({ requestId: null, traceparent: null }, 'task', () =>
      expect(currentRequest()).toEqual({ requestId: 'task', taskId: 'task', trace: undefined }),
    );
  });

  it('learns of which task it is', () => {
    withRequest({ requestId: 'one', deadline: 7 }, () =>
      withTask('task', () => expect(currentRequest()).toEqual({ requestId: 'one', deadline: 7, taskId: 'task' })),
    );
  });
});

describe('spans', () => {
  const exported: { name: string; spanId: string; parent: string | undefined; status: unknown; attributes: object }[] =
    [];
  const exporter = {
    export(spans: object[], done: (result: { code: number }) => void): void {
      for (const span of spans as never[]) exported.push(told(span));
      done({ code: 0 });
    },
    shutdown: () => Promise.resolve(),
  };
  const told = (span: {
    name: string;
    spanContext: () => { spanId: string };
    parentSpanContext?: { spanId: string };
    status: unknown;
    attributes: object;
  }) => ({
    name: span.name,
    spanId: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId,
    status: span.status,
    attributes: span.attributes,
  });
  beforeEach(() => void exported.splice(0));
  afterEach(stopTracing);

  it('stand below the one that is open, with the ids of the request and the task', async () => {
    startTracing({ service: 'test', exporter });
    await withRequest({ requestId: 'one', trace: traceOf(traceparent) }, () =>
      inSpan('outer', 'server', {}, () => withTask('task', () => inSpan('inner', 'client', { a: 1 }, async () => {}))),
    );
    await stopTracing();
    const [inner, outer] = exported;
    expect([outer?.name, outer?.parent, inner?.name, inner?.parent]).toEqual([
      'outer',
      '00f067aa0ba902b7',
      'inner',
      outer?.spanId,
    ]);
    expect(inner?.attributes).toEqual({ a: 1, 'lathe.request_id': 'one', 'lathe.task_id': 'task' });
  });

  it('say what went wrong by its type and never by its words', async () => {
    startTracing({ service: 'test', exporter });
    const failing = inSpan('failing', 'internal', {}, () => Promise.reject(new TypeError('my password')));
    await expect(failing).rejects.toThrow('my password');
    await stopTracing();
    expect(exported[0]).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'TypeError' } });
    expect(JSON.stringify(exported)).not.toContain('my password');
  });

  it('are kept in the part of the traces that is asked for, and when the caller keeps them', async () => {
    startTracing({ service: 'test', exporter, ratio: 0 });
    beginSpan('of ours', 'internal').end();
    beginSpan('of a caller', 'internal', {}, { requestId: 'one', trace: traceOf(traceparent) }).end();
    await stopTracing();
    expect(exported.map(({ name }) => name)).toEqual(['of a caller']);
  });

  it('have ids that go on, though nobody keeps them', async () => {
    await inSpan('unseen', 'internal', {}, async () => {
      expect(currentTraceparent()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    });
    await withRequest({ requestId: 'one', trace: traceOf(traceparent) }, () =>
      inSpan('unseen', 'internal', {}, async () => {
        expect(currentTraceparent()).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
      }),
    );
    expect(exported).toEqual([]);
  });
});

describe('metrics', () => {
  const registry = new Registry();

  it('take down how long work took, and how it ended', async () => {
    const histogram = new Histogram({ name: 'h', help: 'h', labelNames: ['key', 'outcome'], registers: [registry] });
    await observed(histogram, { key: 'a' }, () => Promise.resolve(1));
    await observed(
      histogram,
      { key: 'a' },
      () => Promise.resolve('no'),
      (answer) => answer,
    );
    const refusal = Object.assign(new Error('with words'), { code: 'not_found' });
    await expect(observed(histogram, { key: 'a' }, () => Promise.reject(refusal))).rejects.toBe(refusal);
    const counted = (await histogram.get()).values.filter(({ metricName }) => metricName === 'h_count');
    expect(counted.map(({ labels }) => labels.outcome)).toEqual(['ok', 'no', 'not_found']);
  });

  it('are looked up when they are read, and go on without what fails', async () => {
    const gauge = new LookedUpGauge(registry, 'g', 'g', ['model']);
    gauge.from(() => Promise.reject(new Error('the database is away')));
    const stop = gauge.from(() => [{ labels: { model: 'reference' }, value: 3 }]);
    expect(await registry.getSingleMetricAsString('g')).toContain('g{model="reference"} 3');
    stop();
    expect(await registry.getSingleMetricAsString('g')).not.toContain('reference');
  });

  it('do not wait for what says nothing', async () => {
    jest.useFakeTimers();
    const gauge = new LookedUpGauge(registry, 'slow', 'slow');
    gauge.from(() => new Promise(() => {}));
    gauge.from(() => [{ value: 1 }]);
    const read = registry.getSingleMetricAsString('slow');
    await jest.advanceTimersByTimeAsync(2000);
    expect(await read).toContain('slow 1');
    jest.useRealTimers();
  });
});
