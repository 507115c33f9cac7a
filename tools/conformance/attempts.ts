import { randomUUID } from 'node:crypto';
import {
  type Attempt,
  type GenerationFailed,
  type GenerationSucceeded,
  generationAccepted,
  generationCanceled,
  generationFailed,
  generationProgressed,
  generationSucceeded,
  taskCancelRequested,
  taskDispatched,
  type TaskDispatched,
} from '#contracts';
import { eventually } from '#testing';
import type { BridgeUnderTest } from './bridge-under-test.js';

/** What the model of the tests is to do (workers/conforming.py). */
export type Plan =
  | { do: 'make' | 'crash' | 'silence' }
  | { do: 'fail'; code: 'bad_input' | 'unsupported' | 'content_rejected' | 'model_error' | 'out_of_memory' }
  | { do: 'wait'; gate: string };

export type Ending =
  | { status: 'succeeded'; facts: GenerationSucceeded }
  | { status: 'failed'; error: GenerationFailed['error'] }
  | { status: 'canceled' };

export const modelId = 'conforming';

/** Hands attempts out as the task service does, and reads what comes back. */
export class Attempts {
  /** `workerSaid`: for the message of a wait that was in vain. */
  constructor(
    private readonly bridge: BridgeUnderTest,
    private readonly workerSaid: () => string,
  ) {}

  /** The first attempt of a task, unless told. */
  async dispatch(plan: Plan, about: Partial<TaskDispatched> = {}): Promise<Attempt> {
    const dispatch: TaskDispatched = {
      task_id: randomUUID(),
      attempt: 1,
      owner_id: randomUUID(),
      lease_token: randomUUID(),
      lease_seconds: 60,
      model: modelId,
      prompt: JSON.stringify(plan),
      negative_prompt: null,
      images: [],
      mesh: null,
      params: {},
      output_formats: ['glb'],
      deadline_at: new Date(Date.now() + 120_000).toISOString(),
      ...about,
    };
    await this.bridge.task.announce(taskDispatched, dispatch);
    return { task_id: dispatch.task_id, attempt: dispatch.attempt };
  }

  cancel(attempt: Attempt): Promise<void> {
    return this.bridge.task.announce(taskCancelRequested, { ...attempt, reason: 'user' });
  }

  /** Resolves when a worker has it, which progress says too: what was said at once is taken in at once. */
  async accepted(attempt: Attempt): Promise<void> {
    const isHeard = (): boolean =>
      this.progressOf(attempt).length > 0 || this.bridge.task.heardOf(generationAccepted).some(isOf(attempt));
    await this.explained(eventually(() => expect([attempt, isHeard()]).toEqual([attempt, true]), patienceMs));
  }

  /** The stages that were heard of, each with the percents in their order. */
  progressOf(attempt: Attempt): { stage: string | null; percent: number }[] {
    return this.bridge.task.heardOf(generationProgressed).filter(isOf(attempt));
  }

  /** Every end of an attempt that was announced: there is to be one. */
  endingsOf(attempt: Attempt): Ending[] {
    const { task } = this.bridge;
    return [
      ...task.heardOf(generationSucceeded).filter(isOf(attempt)).map(succeeded),
      ...task.heardOf(generationFailed).filter(isOf(attempt)).map(failed),
      ...task
        .heardOf(generationCanceled)
        .filter(isOf(attempt))
        .map(() => ({ status: 'canceled' }) as const),
    ];
  }

  ending(attempt: Attempt, limitMs = patienceMs): Promise<Ending> {
    const ended = eventually(() => {
      const [ending] = this.endingsOf(attempt);
      if (!ending)
        throw new Error(`attempt ${attempt.attempt} has not ended; ${JSON.stringify(this.progressOf(attempt))}`);
      return ending;
    }, limitMs);
    return this.explained(ended);
  }

  /** Has a job made from its beginning to its end: whoever is to take jobs takes them. */
  async madeOne(): Promise<void> {
    expect(await this.ending(await this.dispatch({ do: 'make' }))).toMatchObject({ status: 'succeeded' });
  }

  private explained<T>(wait: Promise<T>): Promise<T> {
    return wait.catch((error: unknown) => {
      throw new Error(`${(error as Error).message}\nthe worker:\n${this.workerSaid()}`, { cause: error });
    });
  }
}

/** How long anything is waited for: a worker may have to be started again first. */
export const patienceMs = 45_000;

const isOf =
  ({ task_id, attempt }: Attempt) =>
  (fact: Attempt): boolean =>
    fact.task_id === task_id && fact.attempt === attempt;

const succeeded = (facts: GenerationSucceeded): Ending => ({ status: 'succeeded', facts });
const failed = ({ error }: GenerationFailed): Ending => ({ status: 'failed', error });
