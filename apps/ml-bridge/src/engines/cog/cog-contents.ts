import { EngineFailure } from '../../generations/attempt-failure.js';
import { fieldsOf } from '../answers.js';
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
  const fields = (Array.isArray(detail) ? detail : []).map((fault: unknown) => {
    const { loc } = fieldsOf(fault);
    return Array.isArray(loc) ? (loc as unknown[])[2] : undefined;
  });
  const { views, ...single } = inputs;
  const contents = new Set<unknown>([...Object.values(views), ...Object.values(single)]);
  return new EngineFailure(fields.some((field) => contents.has(field)) ? 'bad_input' : 'unsupported', excerpt);
}

const glbAddress = /^data:model\/gltf-binary[;,]|^https?:[^?#]*\.glb([?#]|$)/;

/** Where the GLB is in what a model returned: a data URL, or an address. Throws `output_rejected` when that is not clear. */
export function glbAddressOf(output: unknown, field: string | undefined): string {
  const found = field === undefined ? output : fieldsOf(output)[field];
  const values: unknown[] = typeof found === 'object' && found !== null ? Object.values(found) : [found];
  const texts = values.filter((value) => typeof value === 'string');
  const glb = texts.find((text) => glbAddress.test(text)) ?? (texts.length === 1 ? texts[0] : undefined);
  if (glb === undefined) throw new EngineFailure('output_rejected', 'the model returned no file that is clearly a GLB');
  return glb;
}

/** The bytes of a data URL (RFC 2397) in base64; null for any other address. */
export function bytesOfDataUrl(address: string): Buffer | null {
  const head = /^data:[^,]{0,200};base64,/.exec(address)?.[0];
  return head === undefined ? null : Buffer.from(address.slice(head.length), 'base64');
}
