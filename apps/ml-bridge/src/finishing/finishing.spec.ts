import type { AttemptFiles } from '#contracts';
import { exactJob } from '#worker-contract';
import { aGeneration, anEvent, leaseToken, now } from '../../test/a-generation.js';
import { failureOf } from '../generations/attempt-failure.js';
import { type Generation, hear, judge } from '../generations/generation.js';
import { delivered, faultOf, finishingJob, handedBack, needOf, sent } from './finishing.js';

const outputs = [
  { name: 'model.glb', format: 'glb' as const, required: true },
  { name: 'preview-256.png', format: 'png' as const, required: false },
];
const finishing = {
  outputs,
  params: { size_mm: 50 },
  deadlineAt: new Date(now.getTime() + 60_000).toISOString(),
  leaseSeconds: 30,
  raw: null,
  rounds: 0,
  sentAt: null,
};
const raw = { name: 'raw.glb', format: 'glb', bytes: 12, sha256: 'a'.repeat(64) };
const generating = aGeneration({ status: 'accepted', workerId: 'gpu-1', lastSeq: 7, stage: 'shape', finishing });
const token = 'the-token-of-the-finisher-alone';
const waiting = delivered(generating, raw, token, now);
const finisher = (about: Parameters<typeof anEvent>[0]) =>
  anEvent({ lease_token: token, worker_id: 'finisher-1', ...about });
const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);

describe('a model that another engine has delivered', () => {
  it('fills nine tenths of the bar while it is generated, and the rest while it is finished', () => {
    expect(hear(generating, anEvent({ type: 'progress', seq: 8, percent: 50 }), now).percent).toBe(45);
    expect(waiting).toMatchObject({ percent: 90, stage: 'finish', outputs });
    const half = hear(waiting, finisher({ type: 'progress', percent: 50, stage: 'obj' }), now);
    expect(half).toMatchObject({ percent: 95, stage: 'finish' });
  });

  it('listens to its finisher and no more to whoever generated it', () => {
    expect(judge(waiting, anEvent({ worker_id: 'gpu-1', seq: 9, lease_token: leaseToken }), true)).toBe('stale');
    expect(judge(waiting, finisher({}), true)).toBe('heard');
  });

  it('is sent to a finisher, has its lease renewed until one accepts, and is taken from one that stays silent', () => {
    expect(needOf(generating, now)).toBeNull();
    expect(needOf(waiting, now)).toBe('send');
    const queued = sent(waiting, now);
    expect(needOf(queued, later(500))).toBe('renew');
    const accepted = hear(queued, finisher({}), now);
    expect(needOf(accepted, later(15))).toBeNull();
    expect(needOf(accepted, later(16))).toBe('renew');
    expect(needOf(accepted, later(29))).toBe('renew');
    expect(needOf(accepted, later(31))).toBe('return');
    const back = handedBack(accepted, 'another-token-of-another-finisher', now);
    expect(needOf(back, now)).toBe('send');
    expect(judge(back, finisher({ seq: 5 }), true)).toBe('stale');
    expect(needOf({ ...queued, cancelReason: 'user' }, now)).toBeNull();
  });

  it('is at fault when it cannot be read; else other finishers try, three in all', () => {
    const once = sent(waiting, now);
    expect(faultOf(once, failureOf('bad_input'))).toBe('raw');
    expect(faultOf(once, failureOf('out_of_memory'))).toBe('again');
    const thrice = [1, 2].reduce<Generation>((generation) => sent(generation, now), once);
    expect(faultOf(thrice, failureOf('out_of_memory'))).toBe('hopeless');
    expect(faultOf(thrice, failureOf('shutdown'))).toBe('again');
  });

  it('becomes a job that fits the published contract', () => {
    const files: AttemptFiles = {
      inputs: [],
      outputs: outputs.map(({ name, format }) => ({ name, format, url: 'http://store/out', max_bytes: 10 })),
      delivered_url: 'http://store/raw',
    };
    const job = finishingJob(waiting, files, 5000, now);
    expect(exactJob(JSON.stringify(job))).toEqual(job);
    expect(job).toMatchObject({
      operation: 'convert',
      lease_token: token,
      params: { size_mm: 50 },
      inputs: [{ name: 'model.glb', url: 'http://store/raw', bytes: 12 }],
      outputs: [{ required: true }, { required: false }],
    });
    expect(() => finishingJob(waiting, files, 5000, later(61))).toThrow(
      expect.objectContaining({ code: 'task_expired' }),
    );
  });
});
