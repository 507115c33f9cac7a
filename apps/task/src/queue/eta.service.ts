import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TaskEta } from '#contracts';
import { slotsAllowed } from '../failover/breaker.js';
import { isReady } from '../models/model.js';
import { isFinal, type Task } from '../tasks/task.js';
import { arrivalsOf } from './arrivals.js';
import { type Forecast, forecast, leastHistory, outlookOfRunning } from './estimate.js';
import { ExecutionTimesRepository } from './execution-times.repository.js';
import { QueueStatesRepository } from './queue-states.repository.js';

/** A queue is looked at again after so long: the questions of a second share one answer. */
const keptMs = 1000;

/** What is expected of a model's queue. */
interface Expectation {
  /** The database's time when the queue was looked at, and this process's. */
  now: number;
  lookedAt: number;
  history: Float64Array;
  forecast: Forecast;
}

/** When tasks will start and finish, from what this deployment's tasks of the same model took. */
@Injectable()
export class EtaService {
  private readonly looks = new Map<string, { at: number; expected: Promise<Expectation | null> }>();

  constructor(
    private readonly queues: QueueStatesRepository,
    private readonly executions: ExecutionTimesRepository,
  ) {}

  /** Of those of the tasks about which something can be said. `positions` are their places in the queue. */
  async of(manager: EntityManager, tasks: Task[], positions: Map<string, number>): Promise<Map<string, TaskEta>> {
    const open = tasks.filter(({ status }) => !isFinal(status) && status !== 'canceling');
    const etas = new Map<string, TaskEta>();
    for (const task of open) {
      const expected = await this.expect(manager, task.model);
      if (expected) etas.set(task.id, etaOf(task, positions.get(task.id) ?? 0, expected));
    }
    return etas;
  }

  private expect(manager: EntityManager, model: string): Promise<Expectation | null> {
    const known = this.looks.get(model);
    if (known && performance.now() - known.at < keptMs) return known.expected;
    const look = { at: performance.now(), expected: this.look(manager, model) };
    look.expected.catch(() => this.looks.get(model) === look && this.looks.delete(model));
    this.looks.set(model, look);
    return look.expected;
  }

  /** Null while no worker offers the model, and until enough of its tasks have succeeded. */
  private async look(manager: EntityManager, model: string): Promise<Expectation | null> {
    const history = Float64Array.from(await this.executions.listNewest(manager, model));
    if (history.length < leastHistory) return null;
    const queue = await this.queues.find(manager, model);
    if (!queue || !isReady(queue, queue.now)) return null;
    const { round, now } = queue;
    const slots = slotsAllowed(queue);
    const running = await this.queues.listRunning(manager, model);
    const rounds = await this.queues.listRounds(manager, model);
    const newcomers = await this.queues.listNewcomers(manager, model);
    const arrivals = arrivalsOf(
      newcomers.map(({ tasks, since, freeRound }) => ({
        tasks,
        sinceMs: now.getTime() - since.getTime(),
        freeRound: Math.max(0, freeRound - round),
      })),
      { history, slots },
    );
    const waiting = rounds.map((one) => Math.max(0, one - round));
    return {
      now: now.getTime(),
      lookedAt: performance.now(),
      history,
      forecast: forecast({ history, slots, running, waiting, arrivals }, Math.random),
    };
  }
}

function etaOf(task: Task, position: number, { now: then, lookedAt, history, forecast: at }: Expectation): TaskEta {
  const now = then + performance.now() - lookedAt;
  const isWithWorker = task.leaseUntil !== null;
  const time = (ms: number): string => new Date(Math.max(ms, now)).toISOString();
  if (isWithWorker) {
    const elapsed = task.begunAt ? Math.max(0, now - task.begunAt.getTime()) : 0;
    const { finishP50, finishP90 } = outlookOfRunning(history, elapsed);
    return {
      start_p50: task.startedAt ? null : time(now),
      finish_p50: time(now + finishP50),
      finish_p90: time(now + finishP90),
    };
  }
  const { startP50, finishP50, finishP90 } = at(position);
  return {
    start_p50: task.startedAt ? null : time(then + startP50),
    finish_p50: time(then + finishP50),
    finish_p90: time(then + finishP90),
  };
}
