import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = process.cwd();
const { forbidden } = createRequire(path.join(root, 'package.json'))('./.dependency-cruiser.cjs') as {
  forbidden: { name: string }[];
};

/** For each rule a file that breaks it. A rule that was never seen to fail is not a rule. */
const violations: Record<string, Record<string, string>> = {
  'apps-do-not-import-apps': {
    'apps/auth/src/one.ts': "import '../../task/src/two.js';",
    'apps/task/src/two.ts': 'export {};',
  },
  'libs-do-not-import-apps': {
    'libs/runtime/src/one.ts': "import '../../../apps/task/src/two.js';",
    'apps/task/src/two.ts': 'export {};',
  },
  'libs-are-entered-by-their-index': {
    'apps/auth/src/one.ts': "import '../../../libs/runtime/src/inner.js';",
    'libs/runtime/src/inner.ts': 'export {};',
  },
  'production-code-does-not-import-tools': {
    'apps/auth/src/one.ts': "import '../../../tools/two.js';",
    'tools/two.ts': 'export {};',
  },
  'contracts-import-only-validation': { 'libs/contracts/src/one.ts': "import 'typeorm';" },
  'mesh-knows-no-framework': { 'libs/mesh/src/one.ts': "import '@nestjs/common';" },
  'only-repositories-and-services-touch-the-database': { 'apps/task/src/a/one.handler.ts': "import 'typeorm';" },
  'only-clients-of-http-call-anybody': { 'apps/task/src/webhooks/other.client.ts': "import 'undici';" },
  'only-the-s3-client-speaks-s3': { 'apps/storage/src/a/one.service.ts': "import 'minio';" },
  'only-the-breaker-knows-its-library': { 'apps/storage/src/a/one.service.ts': "import 'opossum';" },
  'only-messaging-speaks-amqp': { 'apps/task/src/a/one.service.ts': "import 'amqplib';" },
  'only-the-celery-clients-speak-redis': { 'apps/ml-bridge/src/a/one.client.ts': "import '@redis/client';" },
  'a-file-without-a-suffix-is-pure': { 'apps/task/src/a/one.ts': "import '@nestjs/common';" },
  'no-cycles': {
    'apps/auth/src/one.ts': "import './two.js';",
    'apps/auth/src/two.ts': "import './one.js';",
  },
  'no-development-dependency-in-production': { 'apps/auth/src/one.ts': "import 'supertest';" },
  'everything-resolves': { 'apps/auth/src/one.ts': "import './nowhere.js';" },
};

/** The files of one rule under names that no other rule uses, so that one run can look at all of them. */
const renamed = (files: Record<string, string>, index: number): [string, string][] =>
  Object.entries(files).map(([name, text]) => [inRule(name, index), inRule(text, index)]);

const inRule = (text: string, index: number): string => text.replaceAll(/\b(one|two|inner)\b/g, `$1-${index}`);

/** Runs the project's own rules over a folder with nothing but these files. Returns `rule: file` for each that was broken. */
function brokenRules(files: [string, string][]): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'lathe-rules-'));
  try {
    for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) {
      cpSync(path.join(root, name), path.join(folder, name));
    }
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    for (const [name, text] of files) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const program = path.join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
    const args = [program, '--output-type', 'json', 'apps', 'libs', 'tools'];
    const run = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const { summary } = JSON.parse(run.stdout) as {
      summary: { violations: { from: string; rule: { name: string } }[] };
    };
    return summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the rules of what may import what', () => {
  let broken: string[];

  beforeAll(() => {
    broken = brokenRules(Object.values(violations).flatMap(renamed));
  });

  it('are each broken on purpose here', () => {
    expect(Object.keys(violations).toSorted()).toEqual(forbidden.map(({ name }) => name).toSorted());
  });

  it.each(Object.entries(violations).map(([rule, files], index) => [rule, Object.keys(files)[0]!, index] as const))(
    '%s',
    (rule, file, index) => expect(broken).toContain(`${rule}: ${inRule(file, index)}`),
  );
});
