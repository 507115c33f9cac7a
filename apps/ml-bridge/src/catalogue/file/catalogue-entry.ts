import { type ModelOffer, modelFormats } from '#contracts';
import type { CatalogueModel, TransportSettings } from '../catalogue-model.js';
import type { ModelEntry, TransportEntry } from './models-file.js';
import { paramsSchemaOf, standardNamesOf } from './params-schema.js';

/** The model of an entry whose transport has its settings filled in. */
export const modelOf = (entry: ModelEntry): CatalogueModel => ({
  offer: offerOf(entry),
  transport: transportOf(entry.transport),
  engineNames: engineNamesOf(entry),
  stages: (entry.stages ?? []).map(({ name, deadline_seconds: deadlineSeconds = null, weight = 1 }) => ({
    name,
    deadlineSeconds,
    weight,
  })),
  stallSeconds: entry.stall_seconds ?? null,
  finish: entry.finish ?? true,
  slots: entry.slots ?? null,
});

function offerOf(entry: ModelEntry): ModelOffer {
  const { license, stages = [] } = entry;
  return {
    id: entry.id,
    name: entry.name,
    engine: entry.engine,
    description: entry.description.trim(),
    inputs: entry.inputs,
    max_images: entry.max_images,
    params_schema: paramsSchemaOf(entry),
    output_formats: entry.output_formats ?? [...modelFormats],
    license: license.name,
    ...(license.url === undefined ? {} : { license_url: license.url }),
    ...(license.territory === undefined ? {} : { territory: license.territory }),
    ...(license.commercial_use === undefined ? {} : { commercial_use: license.commercial_use }),
    ...(stages.length === 0 ? {} : { stages: stages.map(({ name }) => name) }),
    ...(entry.price === undefined ? {} : { price: entry.price }),
    weight: entry.weight ?? 1,
  };
}

function transportOf(entry: TransportEntry): TransportSettings {
  switch (entry.type) {
    case 'amqp':
    case 'http':
      return { type: entry.type, pool: entry.pool };
    case 'celery':
      return { type: 'celery', brokerUrl: entry.broker_url, queue: entry.queue, task: entry.task };
    case 'server':
      return {
        type: 'server',
        engine: entry.engine,
        url: entry.url,
        apiKey: entry.api_key ?? null,
        options: entry.options ?? {},
      };
  }
}

const engineNamesOf = ({ parameters = {} }: ModelEntry): CatalogueModel['engineNames'] =>
  Object.fromEntries(
    standardNamesOf(parameters).flatMap((name) => {
      const engineName = parameters[name]?.maps_to;
      return engineName === undefined ? [] : [[name, engineName]];
    }),
  );
