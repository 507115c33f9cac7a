import { EngineFailure } from '../../generations/attempt-failure.js';
import { fieldsOf, listOf } from '../../json.js';
import { fileOf, JsonFile } from '../json-file.js';
import type { Picture } from '../job-contents.js';
import type { CogOptions } from '../options/cog-options.js';

export type SentPicture = Pick<Picture, 'view'> & { url: string };

/** The inputs of a prediction under the model's names. Throws `unsupported` for a picture that none takes, and for a name given twice. */
export function cogInputs(
  params: Readonly<Record<string, unknown>>,
  pictures: readonly SentPicture[],
  { inputs, constants }: Pick<CogOptions, 'inputs' | 'constants'>,
): Record<string, unknown> {
  const texts: Readonly<Record<string, string>> = { prompt: inputs.prompt, negative_prompt: inputs.negative_prompt };
  const named = Object.entries(params).map(([name, value]): [string, unknown] => [texts[name] ?? name, value]);
  const all = [...Object.entries(constants), ...named, ...pictureInputs(pictures, inputs)];
  const names = all.map(([name]) => name);
  if (names.includes(undefined))
    throw new EngineFailure('unsupported', 'the model has no input for one of the pictures');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new EngineFailure('unsupported', `the input ${twice} is given twice`);
  return Object.fromEntries(all) as Record<string, unknown>;
}

function pictureInputs(
  pictures: readonly SentPicture[],
  inputs: CogOptions['inputs'],
): [string | undefined, unknown][] {
  if (inputs.images !== undefined && pictures.length > 0) return [[inputs.images, pictures.map(({ url }) => url)]];
  const front = Math.max(
    0,
    pictures.findIndex(({ view }) => view === 'front'),
  );
  return pictures.map(({ view, url }, index) => [index === front ? inputs.image : inputs.views[view], url]);
}

/** Cog strips inputs that the model does not have, with no more than a line in its log: throws `unsupported` instead. */
export function refuseStripped(inputs: Readonly<Record<string, unknown>>, openapi: unknown): void {
  const { Input } = fieldsOf(fieldsOf(fieldsOf(openapi)['components'])['schemas']);
  const known = fieldsOf(fieldsOf(Input)['properties']);
  const stripped = Object.keys(inputs).find((name) => !Object.hasOwn(known, name));
  if (stripped !== undefined) throw new EngineFailure('unsupported', `the model has no input ${stripped}`);
}

/** What a 422 comes to: a prompt or a picture that will not do, or a parameter that the model does not allow, as the catalogue does. */
export function refusalOf(body: unknown, { inputs }: Pick<CogOptions, 'inputs'>, excerpt: string): EngineFailure {
  const { detail } = fieldsOf(body);
  const fields = listOf(detail).map((fault) => {
    const { loc } = fieldsOf(fault);
    return listOf(loc)[2];
  });
  const { views, ...single } = inputs;
  const contents = new Set<unknown>([...Object.values(views), ...Object.values(single)]);
  return new EngineFailure(fields.some((field) => contents.has(field)) ? 'bad_input' : 'unsupported', excerpt);
}

/** Where the GLB is in what a model returned: a file, or the address of one. Throws `output_rejected` when that is not clear. */
export function glbOf(output: unknown, field: string | undefined): JsonFile | string {
  const found = field === undefined ? output : fieldsOf(output)[field];
  const isOne = typeof found !== 'object' || found instanceof JsonFile;
  const files = (isOne ? [found] : Object.values(found ?? {})).flatMap((value: unknown) => fileOrAddress(value) ?? []);
  const glb = files.find(looksLikeGlb) ?? (files.length === 1 ? files[0] : undefined);
  if (glb === undefined) throw new EngineFailure('output_rejected', 'the model returned no file that is clearly a GLB');
  return glb;
}

const fileOrAddress = (value: unknown): JsonFile | string | null =>
  typeof value === 'string' && /^https?:/.test(value) ? value : fileOf(value);

const looksLikeGlb = (file: JsonFile | string): boolean =>
  typeof file === 'string' ? /^[^?#]*\.glb([?#]|$)/.test(file) : file.head(4).toString('latin1') === 'glTF';
