import { ConfigError } from '#runtime';
import '#testing';
import { aModelsFile } from '../../test/catalogue.js';
import { MlBridgeConfig } from '../ml-bridge.config.js';
import { CatalogueService } from './catalogue.service.js';

const startWith = (MODELS_FILE: string): CatalogueService =>
  new CatalogueService(Object.assign(new MlBridgeConfig(), { MODELS_FILE }));

describe('a bridge that starts', () => {
  it('has the models of models.yaml', () => {
    const catalogue = startWith(new MlBridgeConfig().MODELS_FILE);
    expect(catalogue.all().map(({ offer }) => offer.id)).toEqual(['reference', 'convert']);
    expect(catalogue.find('convert')?.transport).toEqual({ type: 'amqp', pool: 'convert' });
    expect(catalogue.find(null)).toBeUndefined();
  });

  it('does not on a wrong file, nor without one', () => {
    expect(() => startWith(aModelsFile('version: 2').path)).toThrow(ConfigError);
    expect(() => startWith('no-such-file.yaml')).toThrow('cannot be read (ENOENT): no-such-file.yaml');
  });
});
