import { anEntry, celery, read, readEntries, readOne, server } from '../../../test/an-entry.js';
import { CatalogueError } from './read-catalogue.js';

function refusalOf(reading: () => unknown): readonly string[] {
  try {
    reading();
  } catch (error) {
    if (error instanceof CatalogueError) return error.lines;
    throw error;
  }
  throw new Error('the file was taken');
}

describe('a wrong models.yaml is refused with the place, the model and what is wrong:', () => {
  const own = (properties: object) => ({ parameters: { model_params: { properties } } });
  it.each<[string, object, string]>([
    ['a field that nobody knows', { colour: 1 }, 'colour: is not a known field'],
    ['a missing field', { name: undefined }, "must have required property 'name'"],
    ['a wrong kind of value', { max_images: 'two' }, 'max_images: must be integer'],
    ['a limit', { max_images: 5 }, 'max_images: must be <= 4'],
    ['an unknown word', { inputs: ['video'] }, 'inputs.0: must be one of: prompt, image, mesh'],
    ['an unknown transport', { transport: { type: 'smtp' } }, 'transport.type: must be amqp, celery, http or server'],
    [
      'an unknown field of a transport',
      { transport: { type: 'http', pool: 'a', url: 'b' } },
      'transport.url: is not a known field',
    ],
    ['the reserved id', { id: 'auto' }, 'id: auto is reserved'],
    ['the reserved pool', { transport: { type: 'amqp', pool: 'finish' } }, 'transport.pool: finish is reserved'],
    ['pictures without their input', { inputs: ['prompt'] }, 'max_images: must be 0 without the input image'],
    ['an input without pictures', { max_images: 0 }, 'max_images: must be 1 to 4 with the input image'],
    ['a stage twice', { stages: [{ name: 'a' }, { name: 'a' }] }, 'stages.1.name: is the name of another stage'],
    [
      'an unfinished server',
      { ...server(), finish: false },
      'finish: must be true: what a server delivers is always finished',
    ],
    ['a parameter of nobody', { parameters: { colour: {} } }, 'parameters.colour: is not a known field'],
    [
      'more than the API takes',
      { parameters: { geometry_resolution: { maximum: 4096 } } },
      'parameters.geometry_resolution.maximum: the API takes nothing above 2048 as geometry_resolution',
    ],
    [
      'less than the API takes',
      { parameters: { seed: { minimum: -1 } } },
      'parameters.seed.minimum: the API takes nothing below 0 as seed',
    ],
    [
      'another word than the API takes',
      { parameters: { up_axis: { enum: ['x'] } } },
      'parameters.up_axis.enum: the API takes only y, z as up_axis',
    ],
    [
      'a word beyond what the API takes',
      { parameters: { geometry_resolution: { enum: [512, 4096] } } },
      'parameters.geometry_resolution.enum: the API takes 16 to 2048 as geometry_resolution',
    ],
    [
      'another type than the API takes',
      { parameters: { seed: { type: 'string' } } },
      'parameters.seed.type: the API takes type integer as seed',
    ],
    ['a wrong default', { parameters: { seed: { default: 0.5 } } }, 'parameters.seed.default: must be integer'],
    [
      'a wrong default of its own',
      own({ way: { enum: ['a'], default: 'b' } }),
      'parameters.model_params.properties.way.default: must be one of: a',
    ],
    [
      'a pattern that is none',
      own({ way: { type: 'string', pattern: '(' } }),
      'parameters: Invalid regular expression',
    ],
    [
      'two parameters under one name',
      { parameters: { seed: {}, guidance_scale: { maps_to: 'seed' } } },
      'parameters.guidance_scale.maps_to: the engine gets seed as seed already',
    ],
    [
      'a parameter of its own under a standard name',
      { parameters: { seed: {}, ...own({ seed: { type: 'integer' } }).parameters } },
      'parameters.model_params.properties.seed: the engine gets seed as seed already',
    ],
    [
      'a parameter under the name of the prompt',
      { parameters: { seed: { maps_to: 'prompt' } } },
      'parameters.seed.maps_to: the engine gets the prompt as prompt already',
    ],
    [
      'a name for what is not finished',
      { finish: false, parameters: { seed: { maps_to: 's' } } },
      'parameters.seed.maps_to: is only for models that are finished',
    ],
    [
      'a name that every object has',
      own({ constructor: { type: 'integer' } }),
      'parameters.model_params.properties.constructor: is a name that every object has',
    ],
    [
      'an unknown option of a server',
      server({ options: { colour: 1 } }),
      'transport.options: options.colour is not known by hunyuan3d-2',
    ],
    ['a setting that is not set', celery('${NOWHERE_URL}'), 'transport: names ${NOWHERE_URL}, which is not set'],
    [
      'a broker that is none',
      celery('${WRONG_URL}'),
      'transport: has no amqp, amqps, redis or rediss URL as broker_url',
    ],
    ['a server that is none', server({ url: 'gpu:8081' }), 'transport: has no http or https URL as url'],
  ])('%s', (_, about, message) => {
    const [line] = refusalOf(() => readOne(about));
    expect(line).toMatch(/^models\.yaml:\d+:\d+: model "(gpu|auto)"[,:] /);
    expect(line).toContain(message);
    expect(line).not.toContain('secret');
  });

  it('a model without an id by its number', () => {
    expect(refusalOf(() => readEntries(anEntry(), { ...anEntry(), id: undefined }))).toEqual([
      "models.yaml:15:5: model number 2: must have required property 'id'",
    ]);
  });

  it('an id twice, at the second one', () => {
    const [line] = refusalOf(() => readEntries(anEntry(), anEntry({ name: 'Another' })));
    expect(line).toBe('models.yaml:15:5: model "gpu", id: is the id of another model');
  });

  it('what an alias stands for, where it is written', () => {
    const [one, two] = ['one', 'two'].map((id) => JSON.stringify(anEntry({ id })).slice(0, -1));
    const lines = [
      `- ${one},`,
      '  parameters: &shared {',
      '    seed: { default: -1 } } }',
      `- ${two}, parameters: *shared }`,
    ];
    expect(refusalOf(() => read(['version: 1', 'models:', ...lines].join('\n')))).toEqual([
      'models.yaml:5:13: model "one", parameters.seed.default: must be >= 0',
      'models.yaml:5:13: model "two", parameters.seed.default: must be >= 0',
    ]);
  });

  it('what is not YAML', () => {
    expect(refusalOf(() => read('version: 1\nmodels: [\n'))[0]).toMatch(/^models\.yaml:3:1: /);
    expect(refusalOf(() => read('version: 1\nversion: 1\n'))).toContain('models.yaml:2:1: Map keys must be unique');
    expect(refusalOf(() => read('version: !odd 1'))[0]).toMatch(/^models\.yaml:1:10: Unresolved tag/);
  });

  it('nothing, another version, no models', () => {
    expect(refusalOf(() => read(''))).toEqual(['models.yaml:1:1: must be object']);
    expect(refusalOf(() => read('version: 2\nmodels: []'))).toEqual([
      'models.yaml:1:1: version: must be 1',
      'models.yaml:2:1: models: must NOT have fewer than 1 items',
    ]);
  });

  it('aliases that unfold into too much', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefg'
        .split('')
        .map((it, i) => `${it}: &${it} [${Array.from({ length: 9 }, () => `*${'abcdefg'[i]}`).join(',')}]`),
    ];
    expect(refusalOf(() => read(bomb.join('\n')))).toEqual([
      'models.yaml: Excessive alias count indicates a resource exhaustion attack',
    ]);
  });
});
