import { Problem } from '#contracts';

/** The fields of POST /generate that are more than a string: in a form they are JSON text. */
const jsonFields = new Set([
  'params',
  'metadata',
  'images',
  'mesh',
  'output_formats',
  'fallback_models',
  'deadline_seconds',
]);

/** The ids of the files that came in a form. */
export interface FormFileIds {
  pictures: readonly string[];
  mesh?: string | undefined;
}

/** The JSON body that a form stands for, its uploaded pictures added to the ones it names. Nothing is checked but the JSON. */
export function bodyOfForm(fields: readonly (readonly [string, unknown])[], files: FormFileIds): object {
  const body = new Map<string, unknown>();
  for (const [name, value] of fields) {
    if (body.has(name)) throw givenTwice(name);
    body.set(name, jsonFields.has(name) ? jsonOf(name, value) : value);
  }
  if (files.pictures.length > 0) body.set('images', withPictures(body.get('images') ?? [], files.pictures));
  if (files.mesh !== undefined) {
    if (body.has('mesh')) throw givenTwice('mesh');
    body.set('mesh', { file_id: files.mesh });
  }
  return Object.fromEntries(body);
}

function jsonOf(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw wrong(name, `${name} must be JSON`);
  }
}

const withPictures = (named: unknown, fileIds: readonly string[]): unknown =>
  Array.isArray(named) ? [...(named as unknown[]), ...fileIds.map((file_id) => ({ file_id }))] : named;

const givenTwice = (name: string): Problem => wrong(name, `${name} is given twice`);

const wrong = (name: string, message: string): Problem =>
  new Problem('invalid_parameters', undefined, { errors: [{ pointer: `/${name}`, message }] });
