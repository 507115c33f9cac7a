import { type EntityManager, type EntitySubscriberInterface, EventSubscriber, type QueryRunner } from 'typeorm';

const pending = new WeakMap<QueryRunner, (() => void)[]>();

/** Does something small, such as counting, when the transaction has been committed; nothing when it is rolled back. */
export function afterCommit(tx: EntityManager, work: () => void): void {
  const runner = tx.queryRunner;
  if (!runner?.isTransactionActive) return work();
  pending.set(runner, [...(pending.get(runner) ?? []), work]);
}

/** Does what waits for the end of a transaction; every database connection that `afterCommit` is used with has it among its subscribers. */
@EventSubscriber()
export class AfterCommit implements EntitySubscriberInterface {
  afterTransactionCommit({ queryRunner }: { queryRunner: QueryRunner }): void {
    if (queryRunner.isTransactionActive) return; // a savepoint within it
    const works = pending.get(queryRunner) ?? [];
    pending.delete(queryRunner);
    for (const work of works) work();
  }

  afterTransactionRollback({ queryRunner }: { queryRunner: QueryRunner }): void {
    if (!queryRunner.isTransactionActive) pending.delete(queryRunner);
  }
}
