import { Problem } from '#contracts';

/** The fields of POST /generate that are more than a string: in a form they are JSON text. */
const jsonFields = new Set(['params', 'metadata', 'images', 'output_formats', 'deadline_seconds']);

/** The JSON body that a form stands for, its uploaded pictures added to the ones it names. Nothing is checked but the JSON. */
export function bodyOfForm(fields: readonly (readonly [string, unknown])[], fileIds: readonly string[]): object {
  const body = new Map<string, unknown>();
  for (const [name, value] of fields) {
    if (body.has(name)) throw wrong(name, `${name} is given twice`);
    body.set(name, jsonFields.has(name) ? jsonOf(name, value) : value);
  }
  if (fileIds.length > 0) body.set('images', withPictures(body.get('images') ?? [], fileIds));
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

const wrong = (name: string, message: string): Problem =>
  new Problem('invalid_parameters', undefined, { errors: [{ pointer: `/${name}`, message }] });
