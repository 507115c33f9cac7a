import { Nothing } from './account.js';
import { event, rpc } from './contract.js';
import { Anything, Flag, ListOf, Names, OneOf, Real, SomeOf, Text, Url, Whole } from './fields.js';
import { modelFormats, type ModelFormat } from './format.js';

export const modelInputs = ['prompt', 'image', 'mesh'] as const;
export type ModelInput = (typeof modelInputs)[number];

/** A model that can be asked for, as its catalogue entry describes it. */
export class ModelOffer {
  @Text({ max: 100 }) id: string;
  @Text({ max: 100 }) name: string;
  @Text({ max: 100 }) engine: string;
  @Text({ max: 1000 }) description: string;
  @SomeOf(modelInputs) inputs: ModelInput[];
  @Whole({ min: 0, max: 4 }) max_images: number;
  @Anything({ description: 'JSON Schema (2020-12) of params, defaults included' }) params_schema: Record<
    string,
    unknown
  >;
  @SomeOf(modelFormats) output_formats: ModelFormat[];
  @Text({ max: 100 }) license: string;
  @Url({ optional: true, description: 'The text of the licence' }) license_url?: string;
  @Text({ max: 300, optional: true, description: 'Where the licence is valid, in words; everywhere when left out' })
  territory?: string;
  @Flag({ optional: true, description: 'Whether the licence allows commercial use of what the model makes' })
  commercial_use?: boolean;
  @Names({ max: 20, optional: true, description: 'The named stages of a generation, in their order' })
  stages?: string[];
  @Real({ min: 0, max: 1_000_000, optional: true, description: "What a task costs, in the operator's unit" })
  price?: number;
  @Whole({
    min: 0,
    max: 500,
    optional: true,
    description: 'The model `auto` prefers the greatest; 0: never chosen by it',
  })
  weight?: number;
}

/** An offer with the number of workers that listen for it now. */
export class OfferedModel extends ModelOffer {
  @Whole({ min: 0, description: 'How many jobs its workers take at once; 0 while none is connected' }) slots: number;
}

export class ModelView extends ModelOffer {
  @OneOf(['ready', 'unavailable']) status: 'ready' | 'unavailable';
  @Whole({ min: 0 }) queue_depth: number;
}

export class ModelList {
  @ListOf(() => ModelView) models: ModelView[];
}

export const listModels = rpc('task', 'model.list', Nothing, ModelList);

/** Announced by ml-bridge at its start and whenever the number of workers changes. */
export const modelOffered = event('model.offered', OfferedModel);

export class CatalogueChanged {
  @Names({
    max: 500,
    description: 'The ids of all models there are now: a model that is not named is not offered any more',
  })
  ids: string[];
}

/** Announced by ml-bridge at its start and whenever its catalogue has changed, and once more a minute later. */
export const catalogueChanged = event('model.catalogue-changed', CatalogueChanged);
