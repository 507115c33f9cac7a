import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { AttemptCounterEntity } from './attempt-counter.entity.js';
import { type Counter, newCounter } from './throttle.js';

/** The counters of wrong passwords: all replicas share them, and a restart forgets none. */
@Injectable()
export class AttemptCountersRepository {
  constructor(private readonly database: DataSource) {}

  /** Those that exist, as they are now: enough to refuse, not enough to let through. */
  find(subjects: string[]): Promise<Counter[]> {
    return this.database.manager.findBy(AttemptCounterEntity, { subject: In(subjects) });
  }

  /** The counters, made where there are none, and locked in one order until the transaction ends. */
  async lock(tx: EntityManager, subjects: string[], now: Date): Promise<Counter[]> {
    const fresh = subjects.toSorted().map((subject) => newCounter(subject, now));
    await tx.createQueryBuilder().insert().into(AttemptCounterEntity).values(fresh).orIgnore().execute();
    return tx.find(AttemptCounterEntity, {
      where: { subject: In(subjects) },
      order: { subject: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async save(tx: EntityManager, counters: Counter[]): Promise<void> {
    await tx.upsert(AttemptCounterEntity, counters, ['subject']);
  }

  /** Deletes up to so many counters that have nothing left to remember. Returns how many it were. */
  async sweep(olderThanSeconds: number, limit: number): Promise<number> {
    const [, swept] = await this.database.query<[unknown, number]>(
      `DELETE FROM attempt_counters WHERE subject IN (
         SELECT subject FROM attempt_counters WHERE counted_at < clock_timestamp() - make_interval(secs => $1)
         LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [olderThanSeconds, limit],
    );
    return swept;
  }
}
