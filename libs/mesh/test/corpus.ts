import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Small GLBs kept as files: what every check and every fuzzer starts from. */
const folder = join(process.cwd(), 'libs/mesh/corpus');

export interface CorpusFile {
  name: string;
  bytes: Uint8Array;
}

const filesIn = (path: string): CorpusFile[] =>
  readdirSync(join(folder, path))
    .filter((file) => file.endsWith('.glb'))
    .toSorted()
    .map((file) => ({ name: basename(file, '.glb'), bytes: new Uint8Array(readFileSync(join(folder, path, file))) }));

/** Files that are read. */
export const soundFiles = (): CorpusFile[] => filesIn('sound');

/** Files that are refused, with the code of the refusal: the folder they lie in. */
export const hostileFiles = (): (CorpusFile & { code: string })[] =>
  readdirSync(join(folder, 'hostile'))
    .toSorted()
    .flatMap((code) => filesIn(join('hostile', code)).map((file) => ({ ...file, code })));
