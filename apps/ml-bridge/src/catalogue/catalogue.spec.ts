import { Ajv2020 } from 'ajv/dist/2020.js';
import { ModelOffer } from '#contracts';
import { validated } from '#messaging';
import { catalogue, poolOf } from './catalogue.js';

describe('the catalogue', () => {
  it.each(catalogue.map((entry) => [entry.id, entry] as const))(
    '%s is a valid offer with a valid schema',
    (_, entry) => {
      const { pool, ...offer } = entry;
      expect(pool).toMatch(/^[a-z0-9-]+$/);
      expect(validated(ModelOffer, structuredClone(offer))).toMatchObject({ id: entry.id });
      expect(new Ajv2020({ strict: true }).compile(offer.params_schema)({})).toBe(true);
    },
  );

  it('knows the pool of each model and no other', () => {
    expect(['reference', 'convert'].map(poolOf)).toEqual(['reference', 'convert']);
    expect(() => poolOf('dreamfusion')).toThrow('dreamfusion');
  });
});
