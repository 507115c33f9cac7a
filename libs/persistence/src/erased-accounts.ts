import type { EntityManager, QueryRunner } from 'typeorm';
import { Problem } from '#contracts';

/**
 * Longer than anything that was allowed before an erasure can still arrive: an address signed for S3 lives for seven days at most,
 * access tokens and what waits in a queue for less.
 */
const rememberedFor = '8 days';
/** What arrives late lies there for an hour at most. */
const lookAgainAfter = '1 hour';
/** How long a portion may take before another replica looks too: what is done twice does no harm. */
const portionTakes = '1 minute';

/** The accounts that were erased, and when to look for something of them: nothing but their ids is kept, and not for long. */
export async function createErasedAccountsTable(runner: QueryRunner): Promise<void> {
  await runner.query(`CREATE TABLE erased_accounts (
    account_id uuid PRIMARY KEY,
    erased_at timestamptz NOT NULL DEFAULT now(),
    look_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz
  )`);
  await runner.query('CREATE INDEX erased_accounts_look_at ON erased_accounts (look_at)');
}

export async function dropErasedAccountsTable(runner: QueryRunner): Promise<void> {
  await runner.query('DROP TABLE erased_accounts');
}

/**
 * Whether the account still stands. If so, it stands until the transaction ends: an erasure waits for it, and finds what it made.
 * Everything that is made for an account asks this first, in the transaction that makes it.
 */
export async function holdAccount(tx: EntityManager, accountId: string): Promise<boolean> {
  await tx.query(`SELECT pg_advisory_xact_lock_shared(${lockOf})`, [accountId]);
  // a statement of its own: it has to see what was committed while the lock was waited for
  const erased: unknown[] = await tx.query('SELECT 1 FROM erased_accounts WHERE account_id = $1', [accountId]);
  return erased.length === 0;
}

/** As `holdAccount`; an account that was erased is a missing one. */
export async function refuseErased(tx: EntityManager, accountId: string): Promise<void> {
  if (!(await holdAccount(tx, accountId))) throw new Problem('not_found', 'No such account');
}

/** From its commit on nothing is made for the account. Everything that was made for it before can be seen by whoever looks then. */
export async function markErased(tx: EntityManager, accountId: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(${lockOf})`, [accountId]);
  await tx.query(
    `INSERT INTO erased_accounts (account_id) VALUES ($1)
     ON CONFLICT (account_id) DO UPDATE SET look_at = now(), done_at = NULL`,
    [accountId],
  );
}

/** The erased account that has waited longest for a look, taken away from all other replicas for a minute. */
export async function claimErased(manager: EntityManager): Promise<string | undefined> {
  const [rows] = await manager.query<[{ account_id: string }[], number]>(
    `UPDATE erased_accounts SET look_at = now() + interval '${portionTakes}'
     WHERE account_id = (SELECT account_id FROM erased_accounts WHERE look_at <= now()
                         ORDER BY look_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING account_id`,
  );
  return rows[0]?.account_id;
}

export async function lookAgain(manager: EntityManager, accountId: string, seconds: number): Promise<void> {
  await manager.query(
    'UPDATE erased_accounts SET look_at = now() + make_interval(secs => $2) WHERE account_id = $1 AND look_at > now()',
    [accountId, seconds],
  );
}

/** Notes that nothing is left. Resolves to whether that is news: nobody has been told since the erasure was last announced. */
export async function settleErased(tx: EntityManager, accountId: string): Promise<boolean> {
  const [news] = await tx.query<[unknown[], number]>(
    'UPDATE erased_accounts SET done_at = now() WHERE account_id = $1 AND done_at IS NULL RETURNING account_id',
    [accountId],
  );
  await tx.query(`UPDATE erased_accounts SET look_at = now() + interval '${lookAgainAfter}' WHERE account_id = $1`, [
    accountId,
  ]);
  await tx.query(
    `DELETE FROM erased_accounts WHERE account_id = $1 AND erased_at < now() - interval '${rememberedFor}'`,
    [accountId],
  );
  return news.length > 0;
}

/** Every service has locks of its own: they share a database, and one must not wait for another. */
const lockOf = `hashtextextended(current_schema()::text || ' ' || $1::uuid::text, 0)`;
