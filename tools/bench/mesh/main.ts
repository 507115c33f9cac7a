import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Measurement } from './measure.js';
import { optionsFrom } from './options.js';
import type { Step } from './steps.js';
import { tableOf, type Verdict, verdictOf } from './table.js';

const child = fileURLToPath(new URL('child.js', import.meta.url));

/** Measures every step in a process of its own and says whether all kept to their targets. */
async function main(): Promise<boolean> {
  const { steps, source, runs, json } = optionsFrom(process.argv.slice(2));
  const folder = await mkdtemp(path.join(tmpdir(), 'lathe-bench-'));
  try {
    await inChild(folder, 'make', source);
    const verdicts: Verdict[] = [];
    for (const step of steps) {
      if (!json) process.stderr.write(`${step.name} …\n`);
      verdicts.push(verdictOf(step, await measured(folder, step, runs)));
    }
    const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism() };
    console.log(json ? JSON.stringify({ source, runs, machine, steps: verdicts }, null, 2) : tableOf(verdicts));
    return verdicts.every(({ kept }) => kept);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const measured = async (folder: string, { name }: Step, runs: number): Promise<Measurement> =>
  JSON.parse(await inChild(folder, name, String(runs))) as Measurement;

const inChild = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, [child, ...args])).stdout;

main().then(
  (kept) => process.exit(kept ? 0 : 1),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  },
);
