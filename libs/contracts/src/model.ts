import { Nothing } from './account.js';
import { event, rpc } from './contract.js';
import { Anything, ListOf, OneOf, SomeOf, Text, Whole } from './fields.js';
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
