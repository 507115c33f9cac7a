import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { engineParams } from '../src/catalogue/engine-params.js';
import { readCatalogue } from '../src/catalogue/file/read-catalogue.js';
import { optionsSchemas } from '../src/engines/options/engine-options.js';

/** The examples of docs/models.md, each a list of entries. */
const examples = [...readFileSync('docs/models.md', 'utf8').matchAll(/^```yaml\n(.*?)^```/gms)].map(
  ([, text]) => parse(text!) as object[],
);

describe('docs/models.md', () => {
  it('has an entry that a model can do with, and what its worker gets', () => {
    const entries = examples.find((it) => JSON.stringify(it).includes('my-model'));
    const text = JSON.stringify({ version: 1, models: entries });
    const [model] = readCatalogue(text, { file: 'example', setting: () => undefined }).models;
    const params = {
      seed: 7,
      num_inference_steps: 50,
      geometry_resolution: 256,
      size_mm: 100,
      model_params: { num_chunks: 8000 },
    };
    const said = /^Its worker gets `(\{.*\})`/m.exec(readFileSync('docs/models.md', 'utf8'));
    expect(engineParams(model!, params)).toEqual(JSON.parse(said![1]!));
  });

  it('turns on a model that is in models.yaml, in the words of its entry', () => {
    const [[entry] = []] = examples;
    const models = (parse(readFileSync('config/models.yaml', 'utf8')) as { models: Record<string, object>[] }).models;
    const { transport, license } = models.find(({ id }) => id === (entry as { id?: unknown }).id)!;
    expect({ ...license, accepted: true }).toMatchObject((entry as { license: object }).license);
    expect(entry).toMatchObject({ transport });
  });

  it.each(Object.entries(optionsSchemas))('names every option of %s', (engine, schema) => {
    const row = readFileSync('docs/models.md', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`| \`${engine}\` |`));
    const named = [...(row ?? '').matchAll(/`([a-z_]+)`/g)].map(([, name]) => name);
    expect(named).toEqual(expect.arrayContaining(Object.keys((schema as { properties: object }).properties)));
  });
});
