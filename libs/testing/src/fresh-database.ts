import { randomBytes } from 'node:crypto';
import {
  databaseServices,
  type DatabaseService,
  dropProvisionedDatabase,
  provisionDatabase,
} from '../../../tools/provision/database.js';
import { coordinate } from './coordinate.js';

export interface FreshDatabase {
  urlOf(service: DatabaseService): string;
  drop(): Promise<void>;
}

/** A database of the test's own, with the roles and schemas of production, on the throw-away PostgreSQL. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const admin = coordinate('TEST_DATABASE_URL');
  const name = `test_${randomBytes(6).toString('hex')}`;
  const passwords = Object.fromEntries(databaseServices.map((service) => [service, randomBytes(9).toString('hex')]));
  const urls = await provisionDatabase(admin, name, passwords as Record<DatabaseService, string>, {
    rolePrefix: `${name}_`,
  });
  return {
    urlOf: (service) => urls[service],
    drop: () => dropProvisionedDatabase(admin, name, `${name}_`),
  };
}
