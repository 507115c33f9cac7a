import { Client } from 'pg';
import { type DatabaseService, databaseServices } from '../../provision/database.js';

/** A connection to each schema, as the role that owns it. */
export type Sessions = Record<DatabaseService, Client>;
export type DatabaseUrls = Record<DatabaseService, string>;

/**
 * Runs the steps with one transaction in each schema and commits them all, or none when a step throws. The limits that services have
 * for their statements do not hold in these. `begin` is what the first, and then every further one, starts with.
 */
export async function inTransactions<T>(
  urls: DatabaseUrls,
  begin: (client: Client, service: DatabaseService) => Promise<unknown>,
  steps: (sessions: Sessions) => Promise<T>,
): Promise<T> {
  const sessions = {} as Sessions;
  try {
    for (const service of databaseServices) {
      const client = new Client({ connectionString: urls[service], application_name: 'lathe backup' });
      client.on('error', () => undefined); // a connection that is lost fails the next query
      sessions[service] = client;
      await client.connect();
      await begin(client, service);
      await client.query('SET LOCAL statement_timeout = 0');
      await client.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    }
    const result = await steps(sessions);
    for (const service of databaseServices) await sessions[service].query('COMMIT');
    return result;
  } finally {
    await Promise.all(Object.values(sessions).map((client) => client.end().catch(() => undefined)));
  }
}

/** All schemas as they were at one moment, however long the steps read. They have to be in one database. */
export function inOneSnapshot<T>(urls: DatabaseUrls, steps: (sessions: Sessions) => Promise<T>): Promise<T> {
  let snapshot: string | undefined;
  const begin = async (client: Client, service: DatabaseService): Promise<void> => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    if (snapshot === undefined) {
      const { rows } = await client.query<{ id: string }>('SELECT pg_export_snapshot() AS id');
      snapshot = rows[0]!.id;
      return;
    }
    await client.query(`SET TRANSACTION SNAPSHOT ${client.escapeLiteral(snapshot)}`).catch((error: unknown) => {
      throw new Error(`${service} is in another database than the schemas before it: back each up by itself`, {
        cause: error,
      });
    });
  };
  return inTransactions(urls, begin, steps);
}
