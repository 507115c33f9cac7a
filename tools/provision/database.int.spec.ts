import { randomBytes } from 'node:crypto';
import { Client, DatabaseError } from 'pg';
import {
  databaseServices,
  dropProvisionedDatabase,
  provisionDatabase,
  schemaOf,
  type DatabaseService,
} from './database.js';

const adminUrl = process.env.TEST_DATABASE_URL ?? '';
const name = `provision_${randomBytes(4).toString('hex')}`;
const rolePrefix = `${name}_`;
const passwords = { auth: 'a1', task: 't1', storage: 's1', 'ml-bridge': 'm1' };

const provision = (secrets = passwords): Promise<Record<DatabaseService, string>> =>
  provisionDatabase(adminUrl, name, secrets, { rolePrefix });

async function as<Result>(url: string, steps: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await steps(client);
  } finally {
    await client.end();
  }
}

const refusal = (work: Promise<unknown>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof DatabaseError ? error.code : String(error)),
  );

describe('a provisioned database', () => {
  let urls: Record<DatabaseService, string>;
  beforeAll(async () => {
    [, , urls] = await Promise.all([provision(), provision(), provision()]);
    for (const service of databaseServices) {
      await as(urls[service], (client) => client.query('CREATE TABLE things (id int)'));
    }
  });
  afterAll(() => dropProvisionedDatabase(adminUrl, name, rolePrefix));

  it('lets a role work in its own schema, without naming it', async () => {
    const { rows } = await as(urls.task, (client) =>
      client.query<{ schema: string }>(
        `SELECT table_schema AS schema FROM information_schema.tables WHERE table_name = 'things'`,
      ),
    );
    expect(rows).toEqual([{ schema: 'task' }]);
  });

  it.each(
    databaseServices.flatMap((role) =>
      databaseServices.filter((other) => other !== role).map((other) => [role, other] as const),
    ),
  )('keeps %s out of the schema of %s', async (role, other) => {
    const read = as(urls[role], (client) => client.query(`SELECT * FROM ${schemaOf[other]}.things`));
    expect(await refusal(read)).toBe('42501');
  });

  it.each([
    ['a table in public', 'CREATE TABLE public.mine (id int)'],
    ['a schema', 'CREATE SCHEMA mine'],
    ['a temporary table', 'CREATE TEMP TABLE mine (id int)'],
    ['a role', 'CREATE ROLE mine'],
  ])('refuses %s to a service', async (_what, sql) => {
    expect(await refusal(as(urls.auth, (client) => client.query(sql)))).toBe('42501');
  });

  it('ends a statement of a service that runs too long', async () => {
    const { rows } = await as(urls.auth, (client) =>
      client.query<{ statement_timeout: string }>('SHOW statement_timeout'),
    );
    expect(rows[0]?.statement_timeout).toBe('5s');
  });

  it('is shut to everybody else', async () => {
    const stranger = `${rolePrefix}stranger`;
    await as(adminUrl, (client) => client.query(`CREATE ROLE ${stranger} LOGIN PASSWORD 'x'`));
    const url = new URL(urls.auth);
    url.username = stranger;
    url.password = 'x';
    expect(await refusal(as(url.href, (client) => client.query('SELECT 1')))).toBe('42501');
    await as(adminUrl, (client) => client.query(`DROP ROLE ${stranger}`));
  });

  it('lets connections go on that were open before a new password', async () => {
    await as(urls.storage, async (client) => {
      await provision({ ...passwords, storage: 's2' });
      expect((await client.query('SELECT * FROM things')).rows).toEqual([]);
      expect(await refusal(as(urls.storage, (another) => another.query('SELECT 1')))).toBe('28P01');
    });
  });

  it('keeps its data and takes new passwords when it is provisioned again', async () => {
    const renewed = await provision({ ...passwords, auth: 'a2' });
    expect(await refusal(as(urls.auth, (client) => client.query('SELECT 1')))).toBe('28P01');
    expect(await refusal(as(renewed.auth, (client) => client.query('SELECT * FROM things')))).toBeUndefined();
  });
});
