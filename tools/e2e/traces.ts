import { Client as S3 } from 'minio';
import { Client as Postgres } from 'pg';
import type { StackCoordinates } from '../local-stack/local-stack.js';

/** What is kept on purpose for a while: that the account is gone. */
const tombstones = ['auth.erasures', 'task.erased_accounts', 'storage.erased_accounts', 'ml_bridge.erased_accounts'];

/** Every table with a row that holds the account's id or address anywhere, and `the bucket` when an object's key does. */
export async function traces(stack: StackCoordinates, accountId: string, email: string): Promise<string[]> {
  const tables = await Promise.all(
    Object.values(stack.database.urls).map((url) => tracesInSchema(url, accountId, email)),
  );
  const inBucket = await hasObjects(stack, accountId);
  return [...tables.flat().filter((table) => !tombstones.includes(table)), ...(inBucket ? ['the bucket'] : [])];
}

async function tracesInSchema(url: string, accountId: string, email: string): Promise<string[]> {
  const client = new Postgres({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname = current_schema()`,
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const { rowCount } = await client.query(
        `SELECT 1 FROM ${name} AS t WHERE strpos(t::text, $1) > 0 OR strpos(lower(t::text), $2) > 0 LIMIT 1`,
        [accountId, email],
      );
      if (rowCount) found.push(name);
    }
    return found;
  } finally {
    await client.end();
  }
}

async function hasObjects({ objectStore }: StackCoordinates, accountId: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(objectStore.endpoint);
  const store = new S3({
    endPoint: hostname,
    port: Number(port),
    useSSL: protocol === 'https:',
    accessKey: objectStore.accessKey,
    secretKey: objectStore.secretKey,
  });
  for await (const { name } of store.listObjectsV2(objectStore.bucket, '', true) as AsyncIterable<{ name: string }>) {
    if (name.includes(accountId)) return true;
  }
  for await (const { key } of store.listIncompleteUploads(objectStore.bucket, '', true) as AsyncIterable<{
    key: string;
  }>) {
    if (key.includes(accountId)) return true;
  }
  return false;
}
