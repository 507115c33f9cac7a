import { createHash } from 'node:crypto';
import type { ArtifactReport, JobInput, JobOutput } from '#worker-contract';
import { JobFailure } from './job-failure.js';

const tries = 3;

/** Of a line that is slow but alive: it is given the time for a large model. */
const slowestBytesPerMs = 250;

/** A connection that has gone dead without a word is given up after `patienceMs`, and the next try has another one. */
const within = (bytes: number, patienceMs: number): AbortSignal =>
  AbortSignal.timeout(Math.ceil(patienceMs + bytes / slowestBytesPerMs));

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Reads an input and checks that it is what the job says. Throws `input_unavailable`. */
export async function download(
  { name, url, bytes, sha256: expected }: JobInput,
  patienceMs = 10_000,
): Promise<Uint8Array> {
  const get = (): Promise<Response> => fetch(url, { signal: within(bytes, patienceMs) });
  const content = await attempt(get, `read ${name}`, 'input_unavailable');
  if (content.length !== bytes || sha256(content) !== expected) {
    throw new JobFailure('input_unavailable', `${name} is not the file that was announced`, true);
  }
  return content;
}

/** Writes an output and says what was written. Throws `output_rejected` when it is larger than allowed, `internal` when it cannot be written. */
export async function upload(
  output: JobOutput,
  content: Uint8Array,
  meta?: Record<string, unknown>,
  patienceMs = 10_000,
): Promise<ArtifactReport> {
  const { name, format, url, headers, max_bytes: limit } = output;
  if (content.length > limit)
    throw new JobFailure('output_rejected', `${name} has ${content.length} bytes, at most ${limit} are allowed`, false);
  const put = (): Promise<Response> =>
    fetch(url, {
      method: 'PUT',
      body: content as Uint8Array<ArrayBuffer>,
      headers,
      signal: within(content.length, patienceMs),
    });
  await attempt(put, `write ${name}`, 'internal');
  return { name, format, bytes: content.length, sha256: sha256(content), ...(meta ? { meta } : {}) };
}

/** Resolves to the body of the first answer that is a good one. */
async function attempt(
  request: () => Promise<Response>,
  what: string,
  code: 'input_unavailable' | 'internal',
): Promise<Uint8Array> {
  let reason = '';
  for (let count = 1; count <= tries; count++) {
    try {
      const answer = await request();
      const body = new Uint8Array(await answer.arrayBuffer());
      if (answer.ok) return body;
      reason = `the store answered ${answer.status}`;
      if (answer.status < 500) break;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** count));
  }
  throw new JobFailure(code, `Could not ${what}: ${reason}`, true);
}
