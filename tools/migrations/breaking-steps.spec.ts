import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { breakingSteps } from './breaking-steps.js';

const folders = ['auth', 'task', 'storage', 'ml-bridge'].map((app) => path.join('apps', app, 'migrations'));
const shared = ['messaging-tables.ts', 'erased-accounts.ts'].map((file) => path.join('libs/persistence/src', file));
const files = [...folders.flatMap((folder) => readdirSync(folder).map((file) => path.join(folder, file))), ...shared];
/** From before anybody had a system to upgrade: 0.1.0 has the first schema only. */
const beforeTheRule = new Set(['apps/auth/migrations/1795500000001-keep-session-families.ts']);

const migration = (sql: string, about = ''): string =>
  `${about}export class A {\n async up(runner) {\n await runner.query(\`${sql}\`);\n }\n async down(runner) {\n await runner.query('DROP TABLE a');\n }\n}`;

describe('a migration', () => {
  it.each(files.filter((file) => !beforeTheRule.has(file)))('%s leaves the release before running', (file) => {
    expect(breakingSteps(readFileSync(file, 'utf8'))).toEqual([]);
  });

  it('may add what nobody has to fill', () => {
    expect(breakingSteps(migration('CREATE TABLE a (id uuid NOT NULL)'))).toEqual([]);
    expect(breakingSteps(migration('ALTER TABLE a ADD COLUMN b text'))).toEqual([]);
    expect(breakingSteps(migration('ALTER TABLE a ADD COLUMN b text NOT NULL DEFAULT 0, ADD COLUMN c text'))).toEqual(
      [],
    );
    expect(breakingSteps(migration('DROP INDEX b'))).toEqual([]);
  });

  it.each([
    'DROP TABLE a',
    'ALTER TABLE a DROP COLUMN b',
    'ALTER TABLE a RENAME TO b',
    'ALTER TABLE a RENAME COLUMN b TO c',
    'ALTER TABLE a ALTER COLUMN b TYPE bigint',
    'ALTER TABLE a ALTER COLUMN b SET NOT NULL',
    'ALTER TABLE a ADD COLUMN b text NOT NULL',
    'ALTER TABLE a ADD COLUMN b text NOT NULL, ADD COLUMN c text NOT NULL DEFAULT 0',
    'DELETE FROM a',
  ])('may not, in the release that stops using it, do: %s', (sql) => {
    expect(breakingSteps(migration(sql))).toHaveLength(1);
    expect(breakingSteps(migration(sql, '/** Contract: nobody has read b since 0.4.0. */\n'))).toEqual([]);
  });
});
