import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';

/** The services that own a schema, and the schema's name. The gateway and the engine have no database. */
export const schemaOf = { auth: 'auth', task: 'task', storage: 'storage', 'ml-bridge': 'ml_bridge' } as const;
export type DatabaseService = keyof typeof schemaOf;
export const databaseServices = Object.keys(schemaOf) as DatabaseService[];

export interface ProvisionOptions {
  /** In front of each role's name, `lathe_` unless told. Roles belong to the whole server, not to one database. */
  rolePrefix?: string;
  /** How many connections one service may hold: four services fit into PostgreSQL's default of 100. */
  connectionLimit?: number;
}

const maintenanceDatabases = ['', 'postgres', 'template1', 'defaultdb'];

/** The database to use on an administrator's server: the one its URL names, or `lathe` where that is only the maintenance one. */
export function databaseNameFor(adminUrl: string): string {
  const named = decodeURIComponent(new URL(adminUrl).pathname.slice(1));
  return maintenanceDatabases.includes(named) ? 'lathe' : named;
}

export const roleOf = (service: DatabaseService, prefix = 'lathe_'): string => `${prefix}${schemaOf[service]}`;

/** The administrator's URL with another role and database; parameters such as `sslmode` stay. */
export function serviceUrl(adminUrl: string, database: string, role: string, password: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  url.username = encodeURIComponent(role);
  url.password = encodeURIComponent(password);
  return url.href;
}

/**
 * One database with one login role and one schema per service; a role owns its schema and sees no other.
 * Safe to run again and by several at once. Resolves to the connection URL of each service.
 */
export async function provisionDatabase(
  adminUrl: string,
  database: string,
  passwords: Record<DatabaseService, string>,
  { rolePrefix = 'lathe_', connectionLimit = 24 }: ProvisionOptions = {},
): Promise<Record<DatabaseService, string>> {
  await repeatOnConflict(async () => {
    await connected(adminUrl, async (admin) => {
      await admin.query(`SELECT pg_advisory_lock(hashtext('lathe.provision'))`);
      await createDatabase(admin, database);
      for (const service of databaseServices) {
        await createRole(admin, roleOf(service, rolePrefix), passwords[service], connectionLimit);
      }
      await connected(withDatabase(adminUrl, database), (inside) => arrangeDatabase(inside, database, rolePrefix));
    });
  });
  const urls = databaseServices.map((service) => [
    service,
    serviceUrl(adminUrl, database, roleOf(service, rolePrefix), passwords[service]),
  ]);
  return Object.fromEntries(urls) as Record<DatabaseService, string>;
}

/** Takes back what `provisionDatabase` made, data included: for throw-away databases on a server that stays. */
export async function dropProvisionedDatabase(adminUrl: string, database: string, rolePrefix: string): Promise<void> {
  await connected(adminUrl, async (admin) => {
    await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(database)} WITH (FORCE)`);
    for (const service of databaseServices) {
      await admin.query(`DROP ROLE IF EXISTS ${admin.escapeIdentifier(roleOf(service, rolePrefix))}`);
    }
  });
}

function withDatabase(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** Runs the steps on one connection of their own, which is closed whatever happens. */
async function connected(url: string, steps: (admin: Client) => Promise<void>): Promise<void> {
  const admin = new Client({ connectionString: url, application_name: 'lathe-provision' });
  await admin.connect();
  try {
    await steps(admin);
  } finally {
    await admin.end();
  }
}

async function createDatabase(admin: Client, database: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (rowCount === 0) await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(database)} TEMPLATE template0`);
}

async function createRole(admin: Client, role: string, password: string, limit: number): Promise<void> {
  const name = admin.escapeIdentifier(role);
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
  if (rowCount === 0) await admin.query(`CREATE ROLE ${name} LOGIN`);
  await admin.query(`ALTER ROLE ${name} LOGIN CONNECTION LIMIT ${limit} PASSWORD ${admin.escapeLiteral(password)}`);
  await admin.query(`ALTER ROLE ${name} SET statement_timeout = '5s'`);
  await admin.query(`ALTER ROLE ${name} SET idle_in_transaction_session_timeout = '10s'`);
}

async function arrangeDatabase(admin: Client, database: string, rolePrefix: string): Promise<void> {
  const base = admin.escapeIdentifier(database);
  await admin.query(`REVOKE ALL ON DATABASE ${base} FROM PUBLIC`);
  await admin.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  for (const service of databaseServices) {
    const role = admin.escapeIdentifier(roleOf(service, rolePrefix));
    const schema = admin.escapeIdentifier(schemaOf[service]);
    await joinRole(admin, roleOf(service, rolePrefix));
    await admin.query(`GRANT CONNECT ON DATABASE ${base} TO ${role}`);
    await admin.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await admin.query(`ALTER SCHEMA ${schema} OWNER TO ${role}`);
    await admin.query(`ALTER ROLE ${role} IN DATABASE ${base} SET search_path = ${schema}`);
  }
}

/** An administrator that is no superuser (a hosted database) may hand a schema only to a role it is a member of. */
async function joinRole(admin: Client, role: string): Promise<void> {
  const { rows } = await admin.query<{ member: boolean }>(`SELECT pg_has_role(current_user, $1, 'MEMBER') AS member`, [
    role,
  ]);
  if (!rows[0]?.member) await admin.query(`GRANT ${admin.escapeIdentifier(role)} TO CURRENT_USER`);
}

/** Roles are shared by all databases, so a provisioner of another database can still get in the way: then try again. */
async function repeatOnConflict(steps: () => Promise<void>, attempts = 5): Promise<void> {
  try {
    await steps();
  } catch (error) {
    if (attempts <= 1 || !isConflict(error)) throw error;
    await delay(50 + Math.random() * 200);
    await repeatOnConflict(steps, attempts - 1);
  }
}

const isConflict = (error: unknown): boolean =>
  error instanceof DatabaseError &&
  (['23505', '42710', '42P04', '42P06', '55006'].includes(error.code ?? '') ||
    error.message.includes('tuple concurrently updated'));
