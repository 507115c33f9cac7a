import { spawn } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../local-stack/state/folders.js';

export interface SuiteRun {
  code: number | null;
  output: string;
}

/** Runs the suite as `npm run test:faults` does, from the build. It ends with its parent. */
export function runFaultSuite(...args: string[]): Promise<SuiteRun> {
  const program = path.join(projectRoot(), 'dist', 'tools', 'faults', 'main.js');
  const suite = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [suite.stdout!, suite.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    suite.once('error', reject).once('close', (code) => resolve({ code, output }));
  });
}
