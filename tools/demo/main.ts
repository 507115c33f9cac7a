/** `npm run demo`: the whole product once, from an empty machine to models in `out/`, and nothing left running. */
import path from 'node:path';
import { onEndRequest } from '../local-stack/end-request.js';
import { startLocalStack } from '../local-stack/local-stack.js';
import { startServices } from '../local-stack/services.js';
import { shown } from '../local-stack/setup-problem.js';
import { dataFolder, projectRoot } from '../local-stack/state/folders.js';
import { requireCelery, startCeleryEngine, turnedModel } from './celery-engine.js';
import { kilobytes, type MadeModel, makeModels, type Wish } from './make-models.js';
import { optionsFrom } from './options.js';

const referenceWishes: Wish[] = [
  { name: 'from-picture' },
  { name: 'red-ceramic-mug', prompt: 'a red ceramic mug' },
  { name: 'ginger-cat', prompt: 'рыжая кошка' },
];
const turnedWishes: Wish[] = [
  { name: 'relief-from-picture' },
  { name: 'blue-vase', prompt: 'a tall blue vase' },
  { name: 'green-bowl', prompt: 'a green bowl' },
];

const log = (line: string): void => console.log(line);

async function main(): Promise<void> {
  const startedAt = performance.now();
  const options = optionsFrom(process.argv.slice(2));
  const ending = new AbortController();
  onEndRequest(() => ending.abort());
  const { signal } = ending;
  const python = options.engine === 'celery' ? await requireCelery(log) : undefined;
  const stack = await startLocalStack({ dataDir: path.join(dataFolder(), 'demo'), log, signal });
  const celery = python && (await startCeleryEngine(stack, python, options, log).catch(stopping(stack)));
  // a folder and a port of its own: the demo runs beside an "npm start"
  const env = { ...process.env, PORT: process.env.PORT ?? '0', ...celery?.settings };
  const services = await startServices(stack, { env, log, signal }).catch(stopping(celery));
  log(`\nLathe is running at ${services.gatewayUrl} (${seconds(startedAt)})\n`);
  try {
    const outDir = path.join(projectRoot(), 'out');
    const samplePicture = path.join(projectRoot(), 'tools', 'demo', 'sample.png');
    const what = celery ? { model: turnedModel, wishes: turnedWishes } : { wishes: referenceWishes };
    const making = makeModels({ gatewayUrl: services.gatewayUrl, samplePicture, outDir, log, signal, ...what });
    const made = await (celery ? Promise.race([making, celery.failed]) : making);
    log(`\n${summary(made)}\n\nThe files are in ${outDir}`);
  } finally {
    const stoppedAt = performance.now();
    await celery?.stop();
    await services.stop();
    log(`stopped everything in ${seconds(stoppedAt)}; ${seconds(startedAt)} altogether`);
  }
}

/** For what was started before something else could not be. */
const stopping =
  (started: { stop(): Promise<void> } | undefined) =>
  async (error: unknown): Promise<never> => {
    await started?.stop();
    throw error;
  };

function summary(made: MadeModel[]): string {
  return made
    .map(({ name, from, task, files, seconds: took }) => {
      const report = task.quality_report as Report;
      const facts = `${report.triangles} triangles, ${report.watertight ? 'watertight' : 'not watertight'}, ${took.toFixed(1)} s`;
      const sizes = files.map((file) => `    ${file.name.padEnd(26)} ${kilobytes(file.bytes).padStart(8)}`);
      return [`${name}: from ${from}`, `    ${facts}`, ...matchOf(report), ...sizes].join('\n');
    })
    .join('\n');
}

/** Of a quality report, what the summary shows; only the reference engine matches prompts with what it knows. */
interface Report extends Record<string, unknown> {
  triangles: number;
  watertight: boolean;
  matched?: string;
  confidence?: number;
}

const matchOf = ({ matched, confidence }: Report): string[] =>
  matched === undefined ? [] : [`    matched ${matched} (confidence ${confidence?.toFixed(2)})`];

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const ended = error instanceof Error && error.name === 'AbortError';
    console.error(ended ? 'Stopped before it was done.' : `\n${shown(error)}`);
    process.exit(1);
  },
);
