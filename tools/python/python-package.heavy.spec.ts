import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describeWith } from '../debian/describe-with.js';
import type { Program } from '../debian/find-program.js';
import { pythonProgram } from '../debian/python.js';
import { projectRoot } from '../local-stack/state/folders.js';

const typesCache = path.join(projectRoot(), 'node_modules/.cache/mypy');

describeWith(['python'], 'the Python package for workers', () => {
  // side by side: its tests mostly wait
  let tests: Promise<string>;
  let types: Promise<string>;
  beforeAll(async () => {
    const python = await pythonProgram();
    if ('missing' in python) throw new Error(python.missing);
    tests = run(python, 'unittest', 'discover', '-s', 'tests', '-t', '.');
    types = run(python, 'mypy', '--cache-dir', typesCache, 'src');
  });

  it('passes its own tests', async () => {
    expect(await tests).toMatch(/^Ran [1-9]\d* tests[^]*^OK/m);
  }, 120_000);

  it('is typed throughout', async () => {
    expect(await types).toContain('Success: no issues found');
  }, 120_000);
});

/** All that a module of Python says. */
async function run({ file, args, env }: Program, ...module: string[]): Promise<string> {
  const cwd = path.join(projectRoot(), 'workers/python');
  const child = spawn(file, [...args, '-m', ...module], { cwd, env, timeout: 110_000 });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return output + errors;
}
