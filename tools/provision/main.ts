/**
 * One-shot container of docker-compose.yml: makes databases, roles, vhosts and users on servers that are just starting, then exits.
 * Reads ADMIN_DATABASE_URL and RABBITMQ_MANAGEMENT_URL (either may be missing: then that part is left alone) and a password per service,
 * each also from the file that the same name with `_FILE` names. In production it refuses passwords that everybody knows.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { settingsFrom } from '#runtime';
import { brokerUsers, rabbitmqDefinitions, uploadDefinitions } from './broker.js';
import { databaseNameFor, databaseServices, provisionDatabase } from './database.js';
import { passwordsFrom, passwordVariable } from './passwords.js';

const waitMs = Number(process.env.PROVISION_TIMEOUT_SECONDS ?? 120) * 1000;

const settingNames = [
  'ADMIN_DATABASE_URL',
  'RABBITMQ_MANAGEMENT_URL',
  ...databaseServices.map((service) => passwordVariable(service, 'DATABASE_PASSWORD')),
  ...brokerUsers.map((user) => passwordVariable(user, 'RABBITMQ_PASSWORD')),
];

/** Servers that are just starting refuse, hang up or ask to come back: all of it means "again in a second", until the time is up. */
async function untilItWorks(what: string, step: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + waitMs;
  let said = '';
  for (;;) {
    try {
      await step();
      console.log(`${what}: done`);
      return;
    } catch (error) {
      const reason = reasonOf(error);
      if (Date.now() > end) throw new Error(`${what}: gave up after ${waitMs / 1000} s: ${reason}`, { cause: error });
      if (reason !== said) console.log(`${what}: not yet (${reason})`);
      said = reason;
      await delay(1000);
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${reasonOf(error.cause)})` : '';
  return (error.message || (error as NodeJS.ErrnoException).code || error.name) + cause;
}

async function main(): Promise<void> {
  const settings = settingsFrom(settingNames, process.env);
  const { ADMIN_DATABASE_URL: adminUrl, RABBITMQ_MANAGEMENT_URL: managementUrl } = settings;
  if (!adminUrl && !managementUrl) throw new Error('Set ADMIN_DATABASE_URL, RABBITMQ_MANAGEMENT_URL, or both.');
  const steps: Promise<void>[] = [];
  if (adminUrl) {
    const passwords = passwordsFrom(settings, databaseServices, 'DATABASE_PASSWORD');
    steps.push(untilItWorks('database', () => provisionDatabase(adminUrl, databaseNameFor(adminUrl), passwords)));
  }
  if (managementUrl) {
    const definitions = rabbitmqDefinitions(passwordsFrom(settings, brokerUsers, 'RABBITMQ_PASSWORD'));
    steps.push(untilItWorks('broker', () => uploadDefinitions(managementUrl, definitions)));
  }
  await Promise.all(steps);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
