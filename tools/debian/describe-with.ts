import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local-stack/state/folders.js';
import { isHere, type SetName } from './sets.js';

/**
 * `describe` for tests that need Debian's packages, which are fetched before Jest collects the tests: where they cannot be had, the
 * tests are reported as skipped with the reason, and with `CI` set as failed.
 */
export function describeWith(needed: SetName[], title: string, tests: () => void): void {
  const reason = whyNot(needed);
  if (reason === undefined) {
    describe(title, tests);
  } else if (process.env.CI) {
    describe(title, () => {
      it('has the packages it needs', () => {
        throw new Error(reason);
      });
    });
  } else {
    describe.skip(`${title} (skipped: ${reason})`, tests);
  }
}

function whyNot(needed: SetName[]): string | undefined {
  const absent = needed.filter((name) => !isHere(name));
  if (absent.length === 0) return undefined;
  const { stdout, stderr } = spawnSync(process.execPath, [compiledMain(), ...absent], { encoding: 'utf8' });
  if (!stdout) return `the packages could not be unpacked: ${stderr}`;
  return (
    Object.values(JSON.parse(stdout) as Record<string, string | null>).find((reason) => reason !== null) ?? undefined
  );
}

/** Jest collects tests without waiting for anything: what takes time runs in a process, and that needs JavaScript. */
function compiledMain(): string {
  const program = path.join(projectRoot(), 'dist/tools/debian/main.js');
  if (!existsSync(program)) {
    spawnSync(process.execPath, ['node_modules/ts7/bin/tsc', '-p', 'tsconfig.json'], { cwd: projectRoot() });
  }
  return program;
}
