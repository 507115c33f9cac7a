import { generationFailed, generationProgressed, generationSucceeded, Problem } from '#contracts';
import { eventually } from '#testing';
import { artifacts, bridgeOfSuite } from './bridge.js';

describe('how an attempt ends, in the words of its worker', () => {
  const bridge = bridgeOfSuite();

  it.each([
    ['leaves an output out', artifacts.slice(0, 1), async () => {}, 'missing: preview.png'],
    [
      'delivers something else',
      artifacts,
      () => Promise.reject(new Problem('output_rejected', 'model.glb has another hash')),
      'model.glb has another hash',
    ],
  ])('counts no success of a worker that %s', async (_, delivered, refusal, message) => {
    const { attempt, eventOf } = await bridge.accepted();
    bridge.adopt = refusal;
    bridge.worker.say(eventOf({ type: 'succeeded', artifacts: delivered }));
    await eventually(() =>
      expect(bridge.task.heardOf(generationFailed)).toContainEqual({
        ...attempt,
        error: { code: 'output_rejected', message, retryable: true, stage: null },
      }),
    );
  });

  it('keeps a success until the storage service is back', async () => {
    const { attempt, eventOf } = await bridge.accepted();
    let refusals = 0;
    bridge.adopt = () => (++refusals < 3 ? Promise.reject(new Problem('service_unavailable')) : Promise.resolve());
    bridge.worker.say(eventOf({ type: 'succeeded', artifacts }));
    await eventually(() =>
      expect(bridge.task.heardOf(generationSucceeded)).toContainEqual(expect.objectContaining(attempt)),
    );
    expect(refusals).toBe(3);
  });

  it("passes a worker's reason on", async () => {
    const { attempt, eventOf } = await bridge.accepted();
    const error = { code: 'bad_input' as const, message: 'nothing in the picture', retryable: false };
    bridge.worker.say(eventOf({ type: 'failed', stage: 'cut_out', error }));
    await eventually(() =>
      expect(bridge.task.heardOf(generationFailed)).toContainEqual({
        ...attempt,
        error: { ...error, stage: 'cut_out' },
      }),
    );
  });

  it("makes a worker's words fit to be shown: a coloured log line must not keep an attempt from ending", async () => {
    const { attempt, eventOf } = await bridge.accepted();
    bridge.worker.say(eventOf({ type: 'progress', percent: 3, stage: '' }));
    await eventually(() =>
      expect(bridge.task.heardOf(generationProgressed)).toContainEqual({ ...attempt, percent: 3, stage: null }),
    );
    const error = { code: 'bad_input' as const, message: '\u001b[31mno\0 mesh\ud800', retryable: false };
    bridge.worker.say(eventOf({ type: 'failed', stage: '\0', error }));
    await eventually(() =>
      expect(bridge.task.heardOf(generationFailed)).toContainEqual({
        ...attempt,
        error: { ...error, message: '[31mno  mesh\ufffd', stage: null },
      }),
    );
  });

  it.each([
    ['has a name that every object inherits', '{"constructor":{"a":1}}'],
    ['has a text that cannot be kept', String.raw`{"a":"\u0000"}`],
    ['is nested without end', `{"a":${'['.repeat(4000)}${']'.repeat(4000)}}`],
    ['is larger than a message should be', `{"a":"${'x'.repeat(70_000)}"}`],
  ])('counts no success whose report %s', async (_, report) => {
    const { attempt, eventOf } = await bridge.accepted();
    const [model, preview] = artifacts;
    bridge.worker.say(
      JSON.stringify(eventOf({ type: 'succeeded', artifacts: [{ ...model!, meta: {} }, preview!] })).replace(
        '"meta":{}',
        `"meta":${report}`,
      ),
    );
    await eventually(() =>
      expect(bridge.task.heardOf(generationFailed)).toContainEqual({
        ...attempt,
        error: expect.objectContaining({ code: 'output_rejected' }) as object,
      }),
    );
  });

  it('may be more than we know', async () => {
    const { attempt, eventOf } = await bridge.accepted();
    const report = { ...eventOf({ type: 'progress', percent: 7, stage: 'x' }), gpu: 'warm' };
    bridge.worker.say(report);
    await eventually(() =>
      expect(bridge.task.heardOf(generationProgressed)).toContainEqual({ ...attempt, percent: 7, stage: 'x' }),
    );
  });

  it('are parked when they are no event, or one of an unknown version', async () => {
    bridge.worker.say('{"v":1}');
    await eventually(async () => expect(await bridge.workersBroker.depthOf('ml.dead')).toBe(1));
    const { eventOf } = await bridge.accepted();
    bridge.worker.say({ ...eventOf({ type: 'progress', percent: 7 }), v: 2 });
    await eventually(async () => expect(await bridge.workersBroker.depthOf('ml.dead')).toBe(2));
  });
});
