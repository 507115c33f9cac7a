import { readFileSync } from 'node:fs';
import { modelsSchema } from './models-schema.js';

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  oneOf?: Schema[];
}

/** Every field of the file with its place, `models[].stages[].name`. */
function fieldsOf(schema: Schema, place = ''): { place: string; name: string; description?: string }[] {
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = place === '' ? name : `${place}.${name}`;
    return [{ place: at, name, description: field.description }, ...fieldsOf(field, at)];
  });
  const others = [schema.items, schema.additionalProperties, ...(schema.oneOf ?? [])].filter(
    (it) => typeof it === 'object',
  );
  return [...inside, ...others.flatMap((it) => fieldsOf(it, `${place}[]`))];
}

describe('the schema of models.yaml', () => {
  const fields = fieldsOf(modelsSchema as Schema);

  it('says of every field what it is for', () => {
    expect(fields.length).toBeGreaterThan(50);
    expect(fields.filter(({ description = '' }) => description.length < 10).map(({ place }) => place)).toEqual([]);
  });

  it('has no field that docs/models.md does not name', () => {
    const page = readFileSync('docs/models.md', 'utf8');
    const unnamed = fields.filter(({ name }) => !page.includes(`\`${name}\``));
    expect([...new Set(unnamed.map(({ place }) => place))]).toEqual([]);
  });
});
