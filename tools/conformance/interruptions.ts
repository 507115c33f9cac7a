import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Attempt } from '#contracts';
import { TransportsService } from '../../apps/ml-bridge/src/transports/transports.service.js';
import { callOf } from './calls.js';
import type { Suite } from './suite.js';
import { signalGroup } from './workers.js';

const leaseSeconds = 1;

/** What may happen to messages, workers, the bridge and the broker in the middle of an attempt. */
export function interruptions(suite: Suite): void {
  it('ends a job once that was handed over twice', async () => {
    const send = jest.spyOn(TransportsService.prototype, 'send');
    const gate = randomUUID();
    const attempt = await waiting(suite, gate);
    await send.mock.contexts.at(-1)?.send(...send.mock.calls.at(-1)!);
    suite.workers.open(gate);
    expect(await suite.attempts.ending(attempt)).toMatchObject({ status: 'succeeded' });
    await suite.attempts.madeOne();
    expect(suite.attempts.endingsOf(attempt)).toHaveLength(1);
  });

  it('does not begin a job whose lease is over', async () => {
    const send = jest.spyOn(TransportsService.prototype, 'send');
    const gate = randomUUID();
    const first = await waiting(suite, gate);
    const second = await suite.attempts.dispatch({ do: 'make' }, { lease_seconds: leaseSeconds });
    await callOf(send, (_, job) => job.task_id === second.task_id);
    await delay(1000 * (leaseSeconds + (suite.transport.clockToleranceSeconds ?? 0)) + 200);
    suite.workers.open(gate);
    expect(await suite.attempts.ending(first)).toMatchObject({ status: 'succeeded' });
    await suite.attempts.madeOne();
    expect(suite.workers.timesBegun(second)).toBe(0);
  });

  const onSigterm = suite.transport.finishesAtSigterm ? finishesAndEnds : givesBackAndEnds;
  it(`${suite.transport.finishesAtSigterm ? 'finishes its job' : 'gives its job back'} when it is asked to end`, async () => {
    await onSigterm(suite);
    expect(await suite.worker.ended).toBe('exit code 0');
    suite.worker = await suite.workers.start();
    await suite.attempts.madeOne();
  });

  it('is not missed when it is killed: another worker makes the next attempt', async () => {
    const lost = await waiting(suite);
    signalGroup(suite.worker, 'SIGKILL');
    await suite.worker.ended;
    suite.worker = await suite.workers.start();
    const next = await suite.attempts.dispatch({ do: 'make' }, { ...lost, attempt: 2 });
    expect(await suite.attempts.ending(next)).toMatchObject({ status: 'succeeded' });
    expect(suite.attempts.endingsOf(lost)).toEqual([]);
  });

  it('lets go of an attempt that it slept through', async () => {
    const lost = await waiting(suite);
    signalGroup(suite.worker, 'SIGSTOP');
    const other = await suite.workers.start();
    await untilMade(suite, lost);
    signalGroup(other, 'SIGKILL');
    await other.ended;
    signalGroup(suite.worker, 'SIGCONT');
    await suite.attempts.madeOne();
    expect(suite.attempts.endingsOf(lost)).toEqual([]);
  });

  it('goes on while the bridge is restarted', async () => {
    const gate = randomUUID();
    const attempt = await waiting(suite, gate);
    await suite.bridge.restart();
    suite.workers.open(gate);
    expect(await suite.attempts.ending(attempt)).toMatchObject({ status: 'succeeded' });
  });

  if (suite.transport.breakConnections) {
    it('goes on when every connection to the broker breaks', async () => {
      const gate = randomUUID();
      const attempt = await waiting(suite, gate);
      await suite.transport.breakConnections?.(suite.bridge);
      suite.workers.open(gate);
      expect(await suite.attempts.ending(attempt)).toMatchObject({ status: 'succeeded' });
      await suite.attempts.madeOne();
    });
  }

  if (suite.transport.poison) {
    it('is not taken down for ever by what is no job', async () => {
      await suite.transport.poison?.(suite.bridge);
      await suite.attempts.madeOne();
    });
  }
}

async function givesBackAndEnds(suite: Suite): Promise<void> {
  const attempt = await waiting(suite);
  suite.worker.kill('SIGTERM');
  const end = await suite.attempts.ending(attempt);
  expect(end).toMatchObject({ status: 'failed', error: { code: 'shutdown', retryable: true } });
}

async function finishesAndEnds(suite: Suite): Promise<void> {
  const gate = randomUUID();
  const attempt = await waiting(suite, gate);
  suite.worker.kill('SIGTERM');
  suite.workers.open(gate);
  expect(await suite.attempts.ending(attempt)).toMatchObject({ status: 'succeeded' });
}

/** An attempt that a worker has begun and that goes on until its gate is opened. */
async function waiting(suite: Suite, gate: string = randomUUID()): Promise<Attempt> {
  const attempt = await suite.attempts.dispatch({ do: 'wait', gate });
  await suite.attempts.accepted(attempt);
  return attempt;
}

/**
 * As the task service does: a job that nobody began in its lease, as it went to a worker that sleeps, is followed by the next attempt.
 * Each has longer than the one before it, a minute in all: the other worker may start slowly.
 */
async function untilMade({ attempts }: Suite, lost: Attempt): Promise<void> {
  for (let attempt = lost.attempt + 1; attempt <= 10; attempt++) {
    const next = await attempts.dispatch({ do: 'make' }, { ...lost, attempt, lease_seconds: attempt });
    const ending = await attempts.ending(next, 1000 * attempt + 500).catch(() => undefined);
    if (ending?.status === 'succeeded') return;
  }
  throw new Error('nobody made any of the attempts');
}
