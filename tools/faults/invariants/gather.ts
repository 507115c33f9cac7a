import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client as S3 } from 'minio';
import { Client as Postgres } from 'pg';
import type { Episode } from '../campaign.js';
import type { Ledger } from '../load/ledger.js';
import { engineNames, type FaultySystem } from '../system/faulty-system.js';
import { processorTimeOf, processTree } from '../system/process-tree.js';
import type { DeadLetter, Evidence, FileRow, StoredEvent, StoredObject, StoredTask } from './evidence.js';

const schemas = ['auth', 'task', 'storage', 'ml_bridge'] as const;
const deadQueues = [
  ['lathe', 'task.events.dead'],
  ['lathe', 'storage.events.dead'],
  ['lathe', 'ml-bridge.events.dead'],
  ['lathe', 'auth.events.dead'],
  ['ml', 'ml.dead'],
] as const;

/**
 * Waits until nothing moves any more, for at most `limitMs`: then what is not at rest is evidence too. What storage would look at in
 * minutes or hours, for what came late, it looks at now.
 */
export async function comeToRest(system: FaultySystem, limitMs: number): Promise<void> {
  await withDatabase(system, async (database) => {
    let hasHurried = false;
    for (const end = Date.now() + limitMs; Date.now() < end; await delay(500)) {
      if ((await countMoving(database)) > 0) continue;
      if (!hasHurried) await database.query('UPDATE storage.ended_tasks SET look_at = now()');
      else if ((await strayObjects(system, database)) === 0) return;
      hasHurried = true;
    }
  });
}

/** Tasks that have not ended, facts that have not been told, and files of tasks that are gone. */
async function countMoving(database: Postgres): Promise<number> {
  const { rows } = await database.query<{ moving: string }>(
    `SELECT (SELECT count(*) FROM task.tasks WHERE completed_at IS NULL)
          + (SELECT count(*) FROM storage.files WHERE task_id NOT IN (SELECT id FROM task.tasks))
          + ${schemas.map((schema) => `(SELECT count(*) FROM ${schema}.outbox)`).join(' + ')} AS moving`,
  );
  return Number(rows[0]!.moving);
}

/** Looks at everything, past the services and their proxies. */
export function gather(system: FaultySystem, ledger: Ledger, episodes: readonly Episode[]): Promise<Evidence> {
  return withDatabase(system, async (database) => ({
    ledger,
    episodes,
    tasks: await tasksIn(database),
    events: await eventsIn(database),
    files: await filesIn(database),
    outboxes: await outboxesIn(database),
    slots: (await database.query<{ slots: number }>('SELECT min(slots) AS slots FROM task.models')).rows[0]?.slots ?? 0,
    objects: await objectsOf(system),
    deadLetters: await deadLettersOf(system),
    idleEngineLoad: await engineLoad(system),
  }));
}

async function withDatabase<T>({ stack }: FaultySystem, use: (database: Postgres) => Promise<T>): Promise<T> {
  const url = new URL(stack.database.adminUrl);
  url.pathname = new URL(stack.database.urls.task).pathname;
  const database = new Postgres({ connectionString: url.href });
  await database.connect();
  try {
    return await use(database);
  } finally {
    await database.end();
  }
}

async function tasksIn(database: Postgres): Promise<StoredTask[]> {
  const { rows } = await database.query<StoredTask>(
    `SELECT id, owner_id AS "ownerId", metadata->>'key' AS key, status, seq, attempt, lease_until IS NOT NULL AS "isHandedOut",
            output_formats AS "outputFormats", artifacts, error
     FROM task.tasks ORDER BY id`,
  );
  return rows;
}

async function eventsIn(database: Postgres): Promise<StoredEvent[]> {
  const { rows } = await database.query<StoredEvent>(
    `SELECT task_id AS "taskId", seq, state->>'status' AS status, (state->>'progress')::int AS progress
     FROM task.task_events ORDER BY task_id, seq`,
  );
  return rows;
}

async function filesIn(database: Postgres): Promise<FileRow[]> {
  const { rows } = await database.query<FileRow>(
    `SELECT id, task_id AS "taskId", kind, size_bytes::int AS "sizeBytes", sha256, object_key AS "objectKey" FROM storage.files`,
  );
  return rows;
}

async function outboxesIn(database: Postgres): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const schema of schemas) {
    const { rows } = await database.query<{ count: string }>(`SELECT count(*) FROM ${schema}.outbox`);
    counts[schema] = Number(rows[0]!.count);
  }
  return counts;
}

function storeOf({ stack: { objectStore } }: FaultySystem): S3 {
  const { hostname, port } = new URL(objectStore.endpoint);
  const { accessKey, secretKey } = objectStore;
  return new S3({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey });
}

async function strayObjects(system: FaultySystem, database: Postgres): Promise<number> {
  const known = new Set((await filesIn(database)).map(({ objectKey }) => objectKey));
  let strays = 0;
  const objects = storeOf(system).listObjectsV2(system.stack.objectStore.bucket, '', true);
  for await (const { name } of objects as AsyncIterable<{ name: string }>) if (!known.has(name)) strays++;
  return strays;
}

async function objectsOf(system: FaultySystem): Promise<Map<string, StoredObject>> {
  const { bucket } = system.stack.objectStore;
  const store = storeOf(system);
  const found = new Map<string, StoredObject>();
  for await (const { name } of store.listObjectsV2(bucket, '', true) as AsyncIterable<{ name: string }>) {
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of await store.getObject(bucket, name)) {
      hash.update(chunk as Buffer);
      size += (chunk as Buffer).length;
    }
    found.set(name, { size, sha256: hash.digest('hex') });
  }
  return found;
}

async function deadLettersOf({ tap }: FaultySystem): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const [vhost, queue] of deadQueues) {
    const messages = await tap.drain(vhost, queue).catch(() => []); // a service that listens to nothing has no such queue
    for (const { properties, content } of messages) {
      const { messageId, type, headers } = properties;
      const reason = String(headers?.['x-death']?.[0]?.reason);
      letters.push({ queue, messageId: String(messageId), type: String(type), reason, content: String(content) });
    }
  }
  return letters;
}

async function engineLoad(system: FaultySystem): Promise<number> {
  const usedMs = (): number =>
    engineNames
      .map((name) => system.process(name).pid)
      .flatMap((pid) => (pid === undefined ? [] : processTree(pid)))
      .reduce((sum, pid) => sum + (processorTimeOf(pid) ?? 0), 0);
  const before = usedMs();
  await delay(2000);
  return (usedMs() - before) / 20;
}
