import { aGeneration } from '../../../test/a-generation.js';
import type { Generation } from '../../generations/generation.js';
import type { GenerationsRepository } from '../../generations/generations.repository.js';
import type { Answer, WorkerEventsService } from '../../workers/worker-events.service.js';
import type { CeleryBrokersService, CeleryLine, ResultHandler } from './celery-brokers.service.js';
import { CeleryResultsService } from './celery-results.service.js';
import { revoke } from './messages/celery-control.js';
import { taskIdOf } from './messages/celery-task.js';

const generation = aGeneration({ status: 'accepted' });
const taskId = taskIdOf({ task_id: generation.taskId, attempt: generation.attempt });
const heard: Answer = { type: 'heard' };
const stop: Answer = { type: 'stop', reason: 'user', stale: false, another: false };
const finishing: NonNullable<Generation['finishing']> = {
  outputs: [],
  params: {},
  deadlineAt: '',
  leaseSeconds: 30,
  raw: { bytes: 1, sha256: '' },
  rounds: 0,
  sentAt: null,
};

/** What becomes of a state of a task, of an attempt that is known as this. */
async function outcome(status: string, known: Generation | null, answer: Answer = heard, id = taskId) {
  const tell = jest.fn(() => Promise.resolve());
  const takeIn = jest.fn(() => Promise.resolve(answer));
  let handler!: ResultHandler;
  const service = new CeleryResultsService(
    { start: (handle: ResultHandler) => Promise.resolve(void (handler = handle)) } as unknown as CeleryBrokersService,
    { find: () => Promise.resolve(known) } as unknown as GenerationsRepository,
    { takeIn } as unknown as WorkerEventsService,
  );
  await service.onApplicationBootstrap();
  const line = { broker: { tell } } as unknown as CeleryLine;
  await handler(line, JSON.stringify({ task_id: id, status, result: {} }));
  return { takenIn: takeIn.mock.calls.length > 0, told: tell.mock.calls };
}

const untold = { told: [] };
const toldToStop = { told: [[revoke(taskId)]] };

describe('a worker of Celery', () => {
  it('goes on while it is heard', async () => {
    expect(await outcome('PROGRESS', generation)).toEqual({ takenIn: true, ...untold });
    expect(await outcome('SUCCESS', generation)).toEqual({ takenIn: true, ...untold });
  });

  it('is told to stop when what it says is unwanted', async () => {
    expect(await outcome('STARTED', generation, stop)).toEqual({ takenIn: true, ...toldToStop });
  });

  it('is not told to stop what it has ended', async () => {
    expect(await outcome('FAILURE', generation, stop)).toEqual({ takenIn: true, ...untold });
    expect(await outcome('SUCCESS', null)).toEqual({ takenIn: false, ...untold });
  });

  it.each([
    ['is not known any more', null],
    ['is over', { ...generation, status: 'failed' as const }],
    ['is with a finisher, whose place it must not take', { ...generation, finishing }],
  ])('is told to stop, and not listened to, when the attempt %s', async (_, known) => {
    expect(await outcome('PROGRESS', known)).toEqual({ takenIn: false, ...toldToStop });
  });

  it('cannot say anything of a task that is not ours', async () => {
    await expect(outcome('STARTED', generation, heard, 'somebody-elses')).rejects.toThrow('no task of ours');
  });
});
