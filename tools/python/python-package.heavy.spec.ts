import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describeWith } from '../debian/describe-with.js';
import type { Program } from '../debian/find-program.js';
import { pythonProgram } from '../debian/python.js';
import { projectRoot } from '../local-stack/state/folders.js';

const workers = path.join(projectRoot(), 'workers/python');

describeWith(['python'], 'the Python package for workers', () => {
  let python: Program;
  beforeAll(async () => {
    const found = await pythonProgram();
    if ('missing' in found) throw new Error(found.missing);
    python = found;
  });

  /** What a module of Python says, when it ends well. */
  function run(...args: string[]): string {
    const options = { cwd: workers, env: python.env, encoding: 'utf8', timeout: 120_000 } as const;
    const { status, stdout, stderr } = spawnSync(python.file, [...python.args, '-m', ...args], options);
    if (status !== 0) throw new Error(`exit code ${status}\n${stdout}${stderr}`);
    return stdout + stderr;
  }

  it('passes its own tests', () => {
    const ran = /^Ran (\d+) tests/m.exec(run('unittest', 'discover', '-s', 'tests', '-t', '.'))?.[1];
    expect(Number(ran)).toBeGreaterThan(0);
  }, 150_000);

  it('is typed throughout', () => {
    const cache = path.join(projectRoot(), 'node_modules/.cache/mypy');
    expect(run('mypy', '--cache-dir', cache, 'src')).toContain('Success: no issues found');
  }, 150_000);
});
