import { createHash } from 'node:crypto';
import type { ArtifactReport, JobInput, JobOutput } from '#worker-contract';
import { JobFailure } from './job-failure.js';

const transferTimeoutMs = 120_000;
const tries = 3;

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Reads an input and checks that it is what the job says. Throws `input_unavailable`. */
export async function download({ name, url, bytes, sha256: expected }: JobInput): Promise<Uint8Array> {
  const answer = await attempt(
    () => fetch(url, { signal: AbortSignal.timeout(transferTimeoutMs) }),
    `read ${name}`,
    'input_unavailable',
  );
  const content = new Uint8Array(await answer.arrayBuffer());
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
): Promise<ArtifactReport> {
  const { name, format, url, headers, max_bytes: limit } = output;
  if (content.length > limit)
    throw new JobFailure('output_rejected', `${name} has ${content.length} bytes, at most ${limit} are allowed`, false);
  const put = (): Promise<Response> =>
    fetch(url, {
      method: 'PUT',
      body: content as Uint8Array<ArrayBuffer>,
      headers,
      signal: AbortSignal.timeout(transferTimeoutMs),
    });
  await attempt(put, `write ${name}`, 'internal');
  return { name, format, bytes: content.length, sha256: sha256(content), ...(meta ? { meta } : {}) };
}

async function attempt(
  request: () => Promise<Response>,
  what: string,
  code: 'input_unavailable' | 'internal',
): Promise<Response> {
  let reason = '';
  for (let count = 1; count <= tries; count++) {
    try {
      const answer = await request();
      if (answer.ok) return answer;
      reason = `the store answered ${answer.status}`;
      if (answer.status < 500) break;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** count));
  }
  throw new JobFailure(code, `Could not ${what}: ${reason}`, true);
}
