import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type ModelFormat, modelFormats, type TaskView } from '#contracts';
import { ApiClient } from './api-client.js';

const extensionOf = (format: ModelFormat): string => (format === 'obj' ? 'obj.zip' : format);
const limitMs = 180_000;

export interface MadeModel {
  name: string;
  from: string;
  task: TaskView;
  files: { name: string; bytes: number }[];
  seconds: number;
}

/** What is asked for: a prompt, or without one the sample picture. */
export interface Wish {
  name: string;
  prompt?: string;
}

export interface MakeOptions {
  gatewayUrl: string;
  /** That of the deployment unless told. */
  model?: string | undefined;
  wishes: readonly Wish[];
  samplePicture: string;
  outDir: string;
  log: (line: string) => void;
  signal: AbortSignal;
}

/** The main job through the API alone: an account, a picture, the models wished for, and every file of them in `outDir`. */
export async function makeModels({
  gatewayUrl,
  model,
  wishes,
  samplePicture,
  outDir,
  log,
  signal,
}: MakeOptions): Promise<MadeModel[]> {
  const api = new ApiClient(gatewayUrl);
  await mkdir(outDir, { recursive: true });
  const isReady = ({ id, status }: { id: string; status: string }): boolean =>
    status === 'ready' && (model === undefined || id === model);
  await until(async () => (await api.models()).some(isReady), 'a worker', signal);

  const email = `demo-${randomBytes(4).toString('hex')}@example.org`;
  await api.register(email, randomBytes(12).toString('base64url'));
  log(`registered ${email}`);
  const picture = await api.upload(path.basename(samplePicture), new Uint8Array(await readFile(samplePicture)));
  log(`uploaded   ${picture.filename} (${picture.width}×${picture.height}, ${kilobytes(picture.size_bytes)})`);

  const made: MadeModel[] = [];
  for (const { name, prompt } of wishes) {
    const start = performance.now();
    const from = prompt === undefined ? picture.filename : quoted(prompt);
    const request = prompt === undefined ? { images: [{ file_id: picture.file_id }] } : { prompt };
    log(`\ngenerating from ${from}`);
    const about = { ...(model === undefined ? {} : { model }), params: { seed: 42 }, output_formats: modelFormats };
    const { task_id } = await api.generate({ ...request, ...about });
    const task = await watch(api, task_id, log, signal);
    const files = await downloadAll(api, task, path.join(outDir, name));
    made.push({ name, from, task, files, seconds: (performance.now() - start) / 1000 });
  }
  return made;
}

/** Shows each step until the task has ended; a task that did not succeed is an error. */
async function watch(api: ApiClient, id: string, log: (line: string) => void, signal: AbortSignal): Promise<TaskView> {
  let shown = '';
  let task = await api.task(id);
  await until(
    async () => {
      task = await api.task(id);
      const line = `${String(task.progress).padStart(3)} %  ${task.stage ?? task.status}`;
      if (line !== shown) log(`  ${(shown = line)}`);
      return task.completed_at !== null;
    },
    `task ${id}`,
    signal,
  );
  if (task.status !== 'succeeded') throw new Error(`the task ${task.status}: ${task.error?.message ?? ''}`);
  return task;
}

async function until(check: () => Promise<boolean>, what: string, signal: AbortSignal): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`${what} was not there after ${limitMs / 1000} s`);
    await delay(150, undefined, { signal });
  }
}

async function downloadAll(api: ApiClient, task: TaskView, base: string): Promise<MadeModel['files']> {
  const models = modelFormats.map((format) => ({
    target: `${base}.${extensionOf(format)}`,
    get: () => api.result(task.task_id, format),
  }));
  const preview = task.artifacts.find(({ name }) => name === 'preview.png')!;
  const wanted = [...models, { target: `${base}.png`, get: () => api.file(preview.url) }];
  const files: MadeModel['files'] = [];
  for (const { target, get } of wanted) {
    const answer = await get();
    await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(target));
    files.push({ name: path.basename(target), bytes: Number(answer.headers.get('content-length')) });
  }
  return files;
}

const quoted = (text: string): string => (/\p{Script=Cyrillic}/u.test(text) ? `«${text}»` : `"${text}"`);

export const kilobytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1000))} kB`;
