import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A small file that is kept for what became of it once, or could. */
export interface Sample {
  name: string;
  bytes: Buffer;
}

/** The files of one folder of the corpus, which says what becomes of them: they are accepted, or refused with that code. */
export function corpus(folder: 'accepted' | 'invalid_image' | 'unsupported_media_type'): Sample[] {
  const place = path.join(__dirname, 'corpus', folder);
  return readdirSync(place)
    .toSorted()
    .map((name) => ({ name, bytes: readFileSync(path.join(place, name)) }));
}
