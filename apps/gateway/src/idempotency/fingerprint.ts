import { createHash } from 'node:crypto';
import type { Conversion, NewTask } from '#contracts';

/** The SHA-256 of each file that came with a request, by the id of the file that was made of it. */
export type FileHashes = ReadonlyMap<string, string>;

/** What a new task is asked for with: everything that the client said, of its body and of its address. */
export type TaskRequest = NewTask | (Conversion & { source_task_id: string });

/**
 * What a request asks for, as one hash: the same whatever the order of its fields, and whether its files came in a form before or
 * come in it again. Expects a checked body, whose defaults are filled in.
 */
export function fingerprintOf(request: TaskRequest, uploaded: FileHashes = new Map()): string {
  const byContent = (named: { file_id: string }): object => {
    const sha256 = uploaded.get(named.file_id);
    return sha256 === undefined ? named : { ...named, file_id: undefined, sha256 };
  };
  const { images, mesh }: Partial<NewTask> = request;
  return createHash('sha256')
    .update(canonicalJson({ ...request, images: images?.map(byContent), mesh: mesh && byContent(mesh) }))
    .digest('hex');
}

/** JSON with the names of every object in order, in the manner of RFC 8785; what is undefined is left out. */
const canonicalJson = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => inOrder(inner));

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
