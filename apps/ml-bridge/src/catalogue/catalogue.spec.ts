import { Ajv2020 } from 'ajv/dist/2020.js';
import { ModelOffer } from '#contracts';
import { validated } from '#messaging';
import { catalogue } from './catalogue.js';

describe('the catalogue', () => {
  it.each(catalogue.map(({ offer }) => [offer.id, offer] as const))(
    '%s is a valid offer with a valid schema',
    (_, offer) => {
      expect(validated(ModelOffer, structuredClone(offer))).toMatchObject({ id: offer.id });
      expect(new Ajv2020({ strict: true }).compile(offer.params_schema)({})).toBe(true);
    },
  );
});
