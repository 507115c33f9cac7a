import { randomUUID } from 'node:crypto';
import {
  accountDataErased,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  Problem,
  taskCancelRequested,
  taskDispatched,
} from '#contracts';
import { eventually, mentionsOf } from '#testing';
import { workerEventsQueue } from '#worker-contract';
import { GenerationsRepository } from '../src/generations/generations.repository.js';
import { aDispatch, aGeneration } from './a-generation.js';
import { artifacts, bridgeOfSuite, inAMinute } from './bridge.js';

describe('erasing the attempts of an account', () => {
  const bridge = bridgeOfSuite();

  const left = (owner: string) => mentionsOf(bridge.schema, owner);
  const nothingLeft = (owner: string) => eventually(async () => expect(await left(owner)).toEqual({}));
  const toldToStop = (task_id: string) =>
    bridge.worker.controls.filter((control) => control.task_id === task_id).map(({ reason }) => reason);
  const heardAbout = (task_id: string) =>
    [generationProgressed, generationSucceeded, generationFailed, generationCanceled]
      .flatMap((fact) => bridge.task.heardOf<typeof generationCanceled>(fact))
      .filter((fact) => fact.task_id === task_id);
  /** Whatever was said before this has been read when it resolves, and none of it was parked. */
  const everythingIsRead = async () => {
    await eventually(async () => expect(await bridge.workersBroker.depthOf(workerEventsQueue)).toBe(0));
    await eventually(async () => expect(await bridge.broker.depthOf('ml-bridge.events')).toBe(0));
    expect(await bridge.workersBroker.depthOf('ml.dead')).toBe(0);
    expect(await bridge.broker.depthOf('ml-bridge.events.dead')).toBe(0);
  };

  it('forgets them all, tells their workers to stop, and touches nobody else', async () => {
    const [owner, other] = [randomUUID(), randomUUID()];
    const { attempt } = await bridge.accepted({ owner_id: owner });
    const foreign = await bridge.accepted({ owner_id: other });
    await bridge.erase(owner);
    await bridge.erased(owner);
    await nothingLeft(owner);
    expect(toldToStop(attempt.task_id)).toEqual(['user']);
    expect(await left(other)).toEqual({ generations: 1 });
    expect(toldToStop(foreign.attempt.task_id)).toEqual([]);
  });

  it('tells a worker that missed it to stop, and lets its late words change nothing and park nothing', async () => {
    const owner = randomUUID();
    const { attempt, eventOf } = await bridge.accepted({ owner_id: owner });
    await bridge.erase(owner);
    await bridge.erased(owner);
    bridge.worker.say(eventOf({ type: 'progress', percent: 50 }));
    await eventually(() => expect(toldToStop(attempt.task_id)).toEqual(['user', 'stale']));
    bridge.worker.say(eventOf({ type: 'succeeded', artifacts }));
    bridge.worker.say(eventOf({ type: 'failed', error: { code: 'internal', message: 'late', retryable: true } }));
    bridge.worker.say(eventOf({ type: 'canceled' }));
    await bridge.task.announce(taskCancelRequested, { ...attempt, reason: 'user' });
    await bridge.accepted();
    await everythingIsRead();
    expect(heardAbout(attempt.task_id)).toEqual([]);
    expect(await left(owner)).toEqual({});
  });

  it('sends no job for an account that is gone, and confirms each time it is said', async () => {
    const owner_id = randomUUID();
    await Promise.all([bridge.erase(owner_id), bridge.erase(owner_id)]);
    await bridge.erased(owner_id);
    const dispatch = aDispatch({ owner_id, deadline_at: inAMinute() });
    await bridge.task.announce(taskDispatched, dispatch);
    await bridge.accepted();
    await everythingIsRead();
    expect(bridge.worker.jobs.map(({ task_id }) => task_id)).not.toContain(dispatch.task_id);
    const confirmations = () =>
      bridge.task.heardOf(accountDataErased).filter(({ account_id }) => account_id === owner_id).length;
    const said = confirmations();
    await bridge.erase(owner_id);
    await eventually(() => expect(confirmations()).toBeGreaterThan(said));
    expect(await left(owner_id)).toEqual({});
  });

  it('misses nothing that is handed out at the same moment', async () => {
    const dispatches = Array.from({ length: 20 }, () => aDispatch({ deadline_at: inAMinute() }));
    await Promise.all(
      dispatches.flatMap((dispatch) => [
        bridge.task.announce(taskDispatched, dispatch),
        bridge.erase(dispatch.owner_id),
      ]),
    );
    for (const { owner_id } of dispatches) {
      await bridge.erased(owner_id);
      await nothingLeft(owner_id);
    }
    await everythingIsRead();
    for (const { owner_id } of dispatches) expect(await left(owner_id)).toEqual({});
  });

  it('announces no success of a task whose account goes while its artifacts are adopted', async () => {
    const owner = randomUUID();
    const { attempt, eventOf } = await bridge.accepted({ owner_id: owner });
    bridge.adopt = async () => {
      await bridge.erase(owner);
      await bridge.erased(owner);
    };
    bridge.worker.say(eventOf({ type: 'succeeded', artifacts }));
    await bridge.erased(owner);
    await everythingIsRead();
    await bridge.accepted();
    expect(heardAbout(attempt.task_id)).toEqual([{ ...attempt, percent: 0, stage: 'store' }]);
    expect(await left(owner)).toEqual({});
  });

  it('ends an attempt for good when the storage service has heard of it first', async () => {
    const { attempt, eventOf } = await bridge.accepted();
    bridge.adopt = () => Promise.reject(new Problem('not_found', 'No such account'));
    bridge.worker.say(eventOf({ type: 'succeeded', artifacts }));
    await eventually(() =>
      expect(bridge.task.heardOf(generationFailed)).toContainEqual({
        ...attempt,
        error: { code: 'not_found', message: 'No such account', retryable: false, stage: null },
      }),
    );
    bridge.adopt = async () => {};
    bridge.open = () => Promise.reject(new Problem('not_found', 'No such account'));
    const dispatch = aDispatch({ deadline_at: inAMinute() });
    await bridge.task.announce(taskDispatched, dispatch);
    await eventually(() =>
      expect(bridge.task.heardOf(generationFailed)).toContainEqual({
        task_id: dispatch.task_id,
        attempt: 1,
        error: { code: 'not_found', message: 'No such account', retryable: false, stage: null },
      }),
    );
    await everythingIsRead();
  });

  it('goes on after a restart in the middle', async () => {
    const ownerId = randomUUID();
    const generations = bridge.schema.getRepository('Generation');
    await generations.insert(Array.from({ length: 250 }, () => aGeneration({ ownerId, status: 'succeeded' })));
    await bridge.schema.query(
      "INSERT INTO erased_accounts (account_id, look_at) VALUES ($1, now() + interval '2 seconds')",
      [ownerId],
    );
    expect(await left(ownerId)).toEqual({ generations: 250 });
    await bridge.restart();
    await bridge.erased(ownerId);
    await nothingLeft(ownerId);
  });

  it('is not disturbed by another replica that forgets the same', async () => {
    const ownerId = randomUUID();
    const repository = new GenerationsRepository(bridge.schema);
    const mine = Array.from({ length: 5 }, () => aGeneration({ ownerId }));
    for (const generation of mine) await repository.insertOnce(generation);
    await Promise.all([repository.remove(mine), repository.remove(mine.slice(2))]);
    expect(await repository.someOf(ownerId, 10)).toEqual([]);
  });
});
