import { randomUUID } from 'node:crypto';
import type { Attempt } from '#contracts';
import { eventually } from '#testing';
import { TransportsService } from '../../apps/ml-bridge/src/transports/transports.service.js';
import { sha256 } from '../../apps/ml-bridge/test/store.js';
import { type Ending, patienceMs, type Plan } from './attempts.js';
import { keyOf } from './bridge-under-test.js';
import { callOf } from './calls.js';
import type { Suite } from './suite.js';

const picture = Buffer.from('the bytes of a picture');
const failures: [Extract<Plan, { do: 'fail' }>['code'], boolean][] = [
  ['bad_input', false],
  ['unsupported', false],
  ['content_rejected', false],
  ['model_error', true],
  ['out_of_memory', true],
];

/** How an attempt can end at the hands of its worker and its owner. */
export function endings(suite: Suite): void {
  const dispatch: Suite['attempts']['dispatch'] = (...about) => suite.attempts.dispatch(...about);
  const ending = (attempt: Attempt): Promise<Ending> => suite.attempts.ending(attempt);

  it('delivers what was asked for, and tells how far it is', async () => {
    const gate = randomUUID();
    const attempt = await dispatch({ do: 'wait', gate });
    await eventually(() => expect(stagesOf(suite.attempts.progressOf(attempt))).toContain('wait'), patienceMs);
    suite.workers.open(gate);
    const end = await ending(attempt);
    expect(end).toMatchObject({ status: 'succeeded', facts: { quality_report: { plan: 'wait' } } });
    expect(formatsOf(end)).toEqual(['glb', 'png']);
    expect(suite.bridge.store.read(keyOf(attempt.task_id, 1, 'model.glb'))?.toString('latin1', 0, 4)).toBe('glTF');
    const stages = stagesOf(suite.attempts.progressOf(attempt));
    expect(stages).toEqual(stagesOfTheModel.filter((stage) => stages.includes(stage)));
  });

  it('reads the picture it is given', async () => {
    const { file_id } = suite.bridge.store.keep(picture);
    expect(await ending(await dispatch({ do: 'make' }, { images: [{ file_id, view: 'front' }] }))).toMatchObject({
      facts: { quality_report: { inputs: { 'front.png': sha256(picture) } } },
    });
  });

  it('does not work on a picture that is another one than promised', async () => {
    const { file_id } = suite.bridge.store.keep(picture, { sha256: sha256(Buffer.from(randomUUID())) });
    const attempt = await dispatch({ do: 'make' }, { images: [{ file_id, view: 'front' }] });
    expect(await ending(attempt)).toMatchObject({ error: { code: 'input_unavailable' } });
    expect(suite.workers.timesBegun(attempt)).toBe(0);
  });

  it.each(failures)('says %s with a code and words of ours', async (code, retryable) => {
    const end = await ending(await dispatch({ do: 'fail', code }));
    expect(end).toMatchObject({ status: 'failed', error: { code, retryable } });
    expect(JSON.stringify(end)).not.toMatch(/SECRET|plan of the test|Tried to allocate/);
  });

  it('survives a model that takes its process with it', async () => {
    expect(await ending(await dispatch({ do: 'crash' }))).toMatchObject({
      status: 'failed',
      error: { retryable: true },
    });
    await suite.attempts.madeOne();
  });

  it.each<[string, Plan]>([
    ['loop that tells how far it is', { do: 'wait', gate: randomUUID() }],
    ['call that cannot', { do: 'silence' }],
  ])('stops within seconds when nobody wants it any more, in a %s', async (_, plan) => {
    const attempt = await dispatch(plan);
    await suite.attempts.accepted(attempt);
    const canceledAt = performance.now();
    await suite.attempts.cancel(attempt);
    expect(await ending(attempt)).toEqual({ status: 'canceled' });
    expect(performance.now() - canceledAt).toBeLessThan(20_000);
    await suite.attempts.madeOne();
  });

  it('never begins what was canceled while it worked on something else', async () => {
    const cancel = jest.spyOn(TransportsService.prototype, 'cancel');
    const gate = randomUUID();
    const first = await dispatch({ do: 'wait', gate });
    await suite.attempts.accepted(first);
    const second = await dispatch({ do: 'make' });
    await suite.attempts.cancel(second);
    await callOf(cancel, ({ taskId }) => taskId === second.task_id);
    suite.workers.open(gate);
    expect(await ending(first)).toMatchObject({ status: 'succeeded' });
    await suite.attempts.madeOne();
    expect(suite.workers.timesBegun(second)).toBe(0);
  });
}

const formatsOf = (end: Ending): string[] =>
  end.status === 'succeeded' ? end.facts.artifacts.map(({ format }) => format).toSorted() : [];

const stagesOfTheModel = ['shape', 'wait', 'texture'];

/** Those of the model, by their percents: facts may come in another order than they happened, and short stages not at all. */
const stagesOf = (progress: { stage: string | null; percent: number }[]): string[] => [
  ...new Set(
    progress
      .toSorted((a, b) => a.percent - b.percent)
      .flatMap(({ stage }) => (stage && stagesOfTheModel.includes(stage) ? [stage] : [])),
  ),
];
