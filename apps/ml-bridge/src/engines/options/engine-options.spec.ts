import { engineNames } from '../../catalogue/catalogue-model.js';
import { checkOptions, optionsOf, optionsSchemas } from './engine-options.js';

describe('the options of an engine', () => {
  it('have their defaults', () =>
    expect(optionsOf('cog', { inputs: { image: 'input_image' } })).toEqual({
      inputs: { prompt: 'prompt', negative_prompt: 'negative_prompt', image: 'input_image', views: {} },
      constants: {},
      pictures: 'data',
      job_seconds: 1800,
      download_origins: [],
    }));

  it.each([
    [{ surprise: 1 }, 'options.surprise is not known by cog'],
    [{ inputs: { mesh: 'x' } }, 'options.inputs.mesh is not known by cog'],
    [{ job_seconds: 0 }, 'options.job_seconds must be >= 1'],
    [{ pictures: 'fax' }, 'options.pictures must be equal to one of the allowed values: data, url'],
    [{ download_origins: ['*'] }, 'options.download_origins.0 must match pattern'],
  ])('are refused by name: %j', (options, message) => expect(() => checkOptions('cog', options)).toThrow(message));

  it.each(engineNames)('of %s are described, each', (engine) => {
    const described = Object.values(optionsSchemas[engine].properties).map((option) => 'description' in option);
    expect(described).not.toContain(false);
    expect(optionsSchemas[engine].additionalProperties).toBe(false);
  });
});
