import { checkOptions } from '../../engines/options/engine-options.js';
import { finishPool } from '../../finishing/finishing.js';
import type { ModelEntry, ModelsFile } from './models-file.js';
import { parameterFaults } from './parameter-rules.js';
import type { Fault } from './yaml-text.js';

const reservedId = 'auto';

/** What is wrong with a file that fits its schema. */
export function ruleFaults({ models }: ModelsFile): Fault[] {
  const ids = models.map(({ id }) => id);
  return models.flatMap((entry, index) => {
    const repeated = ids.indexOf(entry.id) < index ? [{ path: ['id'], message: 'is the id of another model' }] : [];
    return [...repeated, ...modelFaults(entry)].map(({ path, message }) => ({
      path: ['models', String(index), ...path],
      message,
    }));
  });
}

const modelFaults = (entry: ModelEntry): Fault[] => [
  ...(entry.id === reservedId ? [{ path: ['id'], message: `${reservedId} is reserved` }] : []),
  ...inputFaults(entry),
  ...stageFaults(entry),
  ...transportFaults(entry),
  ...parameterFaults(entry),
];

function inputFaults({ inputs, max_images: images }: ModelEntry): Fault[] {
  if (inputs.includes('image') === images > 0) return [];
  return [
    {
      path: ['max_images'],
      message: images > 0 ? 'must be 0 without the input image' : 'must be 1 to 4 with the input image',
    },
  ];
}

const stageFaults = ({ stages = [] }: ModelEntry): Fault[] =>
  stages.flatMap(({ name }, index) =>
    stages.findIndex((stage) => stage.name === name) < index
      ? [{ path: ['stages', String(index), 'name'], message: 'is the name of another stage' }]
      : [],
  );

function transportFaults({ transport, finish = true }: ModelEntry): Fault[] {
  if (transport.type === 'amqp' && transport.pool === finishPool) {
    return [{ path: ['transport', 'pool'], message: `${finishPool} is reserved` }];
  }
  if (transport.type !== 'server') return [];
  const unfinished = { path: ['finish'], message: 'must be true: what a server delivers is always finished' };
  return [...(finish ? [] : [unfinished]), ...optionFaults(transport)];
}

function optionFaults({ engine, options = {} }: Extract<ModelEntry['transport'], { type: 'server' }>): Fault[] {
  try {
    checkOptions(engine, options);
    return [];
  } catch (error) {
    return [{ path: ['transport', 'options'], message: (error as Error).message }];
  }
}
