import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';

let built: string | undefined;

/** The program of the processes that look at uploads, made of its sources: tests do not depend on a build. */
export function inspectorProgram(): string {
  built ??= build();
  return built;
}

/** Other tests may be running the program, or making it of the same sources. */
function build(): string {
  const root = path.join(__dirname, '..', '..', '..');
  const folder = path.join(root, 'node_modules', '.cache', 'inspector'); // below node_modules it finds its packages
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `${process.pid}.mjs`);
  buildSync({
    entryPoints: [path.join(__dirname, '..', 'src', 'inspection', 'inspector', 'main.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    conditions: ['source'],
    platform: 'node',
    format: 'esm',
    sourcemap: 'inline',
  });
  const program = path.join(folder, 'main.mjs');
  renameSync(outfile, program);
  return program;
}
