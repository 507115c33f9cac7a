/** `npm run demo`: the whole product once, from an empty machine to models in `out/`, and nothing left running. */
import path from 'node:path';
import { onEndRequest } from '../local-stack/end-request.js';
import { startLocalStack } from '../local-stack/local-stack.js';
import { startServices } from '../local-stack/services.js';
import { shown } from '../local-stack/setup-problem.js';
import { dataFolder, projectRoot } from '../local-stack/state/folders.js';
import { kilobytes, type MadeModel, makeModels } from './make-models.js';

const log = (line: string): void => console.log(line);

async function main(): Promise<void> {
  const startedAt = performance.now();
  const ending = new AbortController();
  onEndRequest(() => ending.abort());
  const { signal } = ending;
  // a folder and a port of its own: the demo runs beside an "npm start"
  const env = { ...process.env, PORT: process.env.PORT ?? '0' };
  const stack = await startLocalStack({ dataDir: path.join(dataFolder(), 'demo'), log, signal });
  const services = await startServices(stack, { env, log, signal });
  log(`\nLathe is running at ${services.gatewayUrl} (${seconds(startedAt)})\n`);
  try {
    const outDir = path.join(projectRoot(), 'out');
    const samplePicture = path.join(projectRoot(), 'tools', 'demo', 'sample.png');
    const made = await makeModels({ gatewayUrl: services.gatewayUrl, samplePicture, outDir, log, signal });
    log(`\n${summary(made)}\n\nThe files are in ${outDir}`);
  } finally {
    const stoppedAt = performance.now();
    await services.stop();
    log(`stopped everything in ${seconds(stoppedAt)}; ${seconds(startedAt)} altogether`);
  }
}

function summary(made: MadeModel[]): string {
  return made
    .map(({ name, from, task, files, seconds: took }) => {
      const report = task.quality_report as {
        triangles: number;
        watertight: boolean;
        matched: string;
        confidence: number;
      };
      const facts = `${report.triangles} triangles, ${report.watertight ? 'watertight' : 'not watertight'}, ${took.toFixed(1)} s`;
      const match = `matched ${report.matched} (confidence ${report.confidence.toFixed(2)})`;
      const sizes = files.map((file) => `    ${file.name.padEnd(26)} ${kilobytes(file.bytes).padStart(8)}`);
      return [`${name}: from ${from}`, `    ${facts}`, `    ${match}`, ...sizes].join('\n');
    })
    .join('\n');
}

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const ended = error instanceof Error && error.name === 'AbortError';
    console.error(ended ? 'Stopped before it was done.' : `\n${shown(error)}`);
    process.exit(1);
  },
);
