import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type CreatedTask, type Idempotency, Problem, type TaskView } from '#contracts';
import type { IdempotencyKey } from './idempotency-key.entity.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';

/** A client may send a request again, and get its first answer, for at least so long. */
const keptHours = 24;

/** A request for a task, under a key or without one. */
export interface TaskCall {
  owner_id: string;
  task_id: string;
  idempotency?: Idempotency;
}

/** Answers a request that is sent again under its key as it was answered first, whatever has happened since. */
@Injectable()
export class IdempotencyService {
  constructor(
    private readonly database: DataSource,
    private readonly keys: IdempotencyKeysRepository,
  ) {}

  /** The first answer; null for a request without a key, or with a new one. Throws `idempotency_key_reused`. */
  async answerTo(request: TaskCall): Promise<CreatedTask | null> {
    const { idempotency, owner_id } = request;
    const used = idempotency && (await this.keys.find(this.database.manager, owner_id, idempotency.key));
    return used ? firstAnswer(used, idempotency, request.task_id) : null;
  }

  /**
   * Makes the task once for each key, in the transaction that keeps the key and the answer. Others with the key wait for it, and get
   * its answer; when it refuses, nothing is kept, and the next of them makes the task.
   */
  async once(tx: EntityManager, request: TaskCall, make: () => Promise<TaskView>): Promise<CreatedTask> {
    const { idempotency, owner_id: ownerId, task_id: taskId } = request;
    if (!idempotency) return { replayed: false, task: await make() };
    const { key, fingerprint } = idempotency;
    if (!(await this.keys.take(tx, { ownerId, key, fingerprint, taskId }))) {
      const used = await this.keys.find(tx, ownerId, key);
      return used ? firstAnswer(used, idempotency, taskId) : this.once(tx, request, make); // it was just forgotten
    }
    const task = await make();
    await this.keys.answer(tx, ownerId, key, task);
    return { replayed: false, task };
  }

  /** Forgets up to `limit` old keys; resolves to how many. */
  forgetSome(limit: number): Promise<number> {
    return this.keys.removeOld(this.database.manager, keptHours, limit);
  }
}

/** A gateway that repeats its own call names the same task: for its client that is no repetition. */
function firstAnswer({ fingerprint, answer, taskId }: IdempotencyKey, asked: Idempotency, wanted: string): CreatedTask {
  if (fingerprint !== asked.fingerprint) throw new Problem('idempotency_key_reused');
  return { replayed: taskId !== wanted, task: answer! };
}
