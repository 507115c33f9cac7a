import { type FieldError, type FileView, mediaTypes } from '#contracts';
import type { Task } from '../tasks/task.js';

/** A file that a task starts from. */
interface InputFile {
  id: string;
  /** Where the request names it. */
  pointer: string;
  /** What it has to be, in words. */
  what: string;
  fits: (mediaType: string) => boolean;
}

type Inputs = Pick<Task, 'images' | 'mesh'>;

function inputsOf({ images, mesh }: Inputs): InputFile[] {
  const pictures = images.map(({ file_id: id }, index) => ({
    id,
    pointer: `/images/${index}/file_id`,
    what: 'picture',
    fits: (mediaType: string) => mediaType.startsWith('image/'),
  }));
  if (!mesh) return pictures;
  const isGlb = (mediaType: string): boolean => mediaType === mediaTypes.glb;
  return [...pictures, { id: mesh.file_id, pointer: '/mesh/file_id', what: 'GLB', fits: isGlb }];
}

/** The files that a task starts from, each once. */
export const fileIdsOf = (inputs: Inputs): string[] => [...new Set(inputsOf(inputs).map(({ id }) => id))];

/** What is wrong with the inputs of a task, of whose files these are there. */
export function faultsOf(inputs: Inputs, files: readonly Pick<FileView, 'file_id' | 'media_type'>[]): FieldError[] {
  const mediaTypeOf = new Map(files.map(({ file_id, media_type }) => [file_id, media_type]));
  return inputsOf(inputs)
    .filter(({ id, fits }) => !fits(mediaTypeOf.get(id.toLowerCase()) ?? '')) // a UUID may be written either way
    .map(({ pointer, what }) => ({ pointer, message: `no such ${what}` }));
}
