import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeWith } from '../debian/describe-with.js';
import { promtoolProgram } from '../debian/prometheus.js';
import { dashboards } from './dashboards/dashboards.js';
import { observabilityFile } from './rules.js';

/** What promtool says, with the status that it ends with. */
async function promtool(...args: string[]): Promise<{ status: number | null; said: string }> {
  const program = await promtoolProgram();
  if ('missing' in program) throw new Error(program.missing);
  const { status, stdout, stderr } = spawnSync(program.file, args, { env: program.env, encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

describeWith(['prometheus'], 'promtool', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'lathe-rules-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const checkExpressions = (expressions: string[]): ReturnType<typeof promtool> => {
    const file = path.join(folder, 'rules.json');
    const rules = expressions.map((expr, index) => ({ record: `expression:${index}`, expr }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'expressions', rules }] }));
    return promtool('check', 'rules', file);
  };

  it('reads what is scraped, and the rules', async () => {
    expect(await promtool('check', 'config', observabilityFile('prometheus.yml'))).toMatchObject({ status: 0 });
  });

  it('sees every alert fire on what it is for, and none on a healthy system', async () => {
    expect(await promtool('test', 'rules', observabilityFile('alerts.test.yml'))).toMatchObject({ status: 0 });
  }, 120_000);

  it('reads every expression of the dashboards', async () => {
    const panels = dashboards.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
    const expressions = panels.flatMap(({ lines }) =>
      lines.map(([promql]) => promql.replaceAll('$__rate_interval', '5m')),
    );
    expect(await checkExpressions(expressions)).toMatchObject({ status: 0 });
  });

  it('does not read what is no expression', async () => {
    expect(await checkExpressions(['sum(rate(lathe_tasks[5m])'])).toMatchObject({ status: 1 });
  });
});
