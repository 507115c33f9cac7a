import { readFileSync } from 'node:fs';
import { engineParams } from '../src/catalogue/engine-params.js';
import { modelOfFile } from './catalogue.js';

/** The workers in Python that come with Lathe, by the id of their model. */
const workers = {
  'hunyuan3d-2': 'engines/hunyuan3d_2/worker.py',
  'hunyuan3d-2.1': 'engines/hunyuan3d_2_1/worker.py',
  'trellis-2': 'engines/trellis2/worker.py',
  triposr: 'engines/triposr/worker.py',
  'stable-fast-3d': 'engines/stable_fast_3d/worker.py',
  turned: 'examples/turned.py',
};

const namesIn = (source: string, pattern: RegExp): string[] => [...source.matchAll(pattern)].map(([, name]) => name!);

/** The names of what a worker reads of its parameters; one that is put together from parts has `*` for them. */
const readBy = (source: string): string[] =>
  namesIn(source, /parameters\.(?:whole|number|flag|choice)\(\s*f?"([^"]+)"/g).map((name) =>
    name.replaceAll(/\{\w+\}/g, '*'),
  );

const fits = (pattern: string, name: string): boolean =>
  pattern === name || (pattern.startsWith('*') && name.endsWith(pattern.slice(1)));

/** Every parameter that a model can be given, under the engine's name. */
function toldOf(id: string): string[] {
  const model = modelOfFile(id);
  const { model_params: own, ...standard } = model.offer.params_schema.properties as Record<string, object>;
  const named = (schemas: object): Record<string, boolean> =>
    Object.fromEntries(Object.keys(schemas).map((name) => [name, true]));
  const ownSchemas = own && 'properties' in own ? (own.properties as object) : {};
  return Object.keys(engineParams(model, { ...named(standard), model_params: named(ownSchemas) }));
}

describe.each(Object.entries(workers))('the entry of %s', (id, file) => {
  const source = readFileSync(`workers/python/${file}`, 'utf8');

  it('has the parameters that its worker reads, and no others', () => {
    const [told, read] = [toldOf(id), readBy(source)];
    expect(told.filter((name) => !read.some((pattern) => fits(pattern, name)))).toEqual([]);
    expect(read.filter((pattern) => !told.some((name) => fits(pattern, name)))).toEqual([]);
  });

  it('has the stages that its worker reports, and no others', () => {
    const stages = modelOfFile(id).stages.map(({ name }) => name);
    const reported = namesIn(source, /(?:progress\([^()]*(?:\([^()]*\))?[^()]*, |\.stage\(|\.within\()"(\w+)"/g);
    expect(reported.filter((name) => !stages.includes(name))).toEqual([]);
    expect(stages.filter((name) => !source.includes(`"${name}"`))).toEqual([]);
  });
});
