import { createHash } from 'node:crypto';
import type { NewTask } from '#contracts';

/** The SHA-256 of each picture that came with a request, by the id of the file that was made of it. */
export type PictureHashes = ReadonlyMap<string, string>;

/**
 * What a request asks for, as one hash: the same whatever the order of its fields, and whether its pictures came in a form before or
 * come in it again. Expects a checked body, whose defaults are filled in.
 */
export function fingerprintOf(body: NewTask, pictures: PictureHashes = new Map()): string {
  const images = body.images?.map((image) => {
    const sha256 = pictures.get(image.file_id);
    return sha256 === undefined ? image : { ...image, file_id: undefined, sha256 };
  });
  return createHash('sha256')
    .update(canonicalJson({ ...body, images }))
    .digest('hex');
}

/** JSON with the names of every object in order, in the manner of RFC 8785; what is undefined is left out. */
const canonicalJson = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => inOrder(inner));

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
