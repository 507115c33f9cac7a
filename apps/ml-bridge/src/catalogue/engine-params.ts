import type { DeliveryParams, TaskParams } from '#contracts';
import type { CatalogueModel } from './catalogue-model.js';

/** How a model is delivered: of an engine that delivers one GLB alone our own engine honours these. */
export const deliveryNames = [
  'target_polycount',
  'texture_resolution',
  'size_mm',
  'up_axis',
  'compression',
] as const satisfies readonly (keyof DeliveryParams)[];

/** Fields of a job beside the parameters that engines get among them: no parameter may have the engine's name of one. */
export const textNames = ['prompt', 'negative_prompt'] as const;

type Finish = Pick<CatalogueModel, 'finish' | 'engineNames'>;

/**
 * What the engine gets of the parameters of a task: under its own names, what only this model knows among the rest, and how to deliver
 * only where it has a name for that. A model that delivers everything itself gets them as they are.
 */
export function engineParams({ finish, engineNames }: Finish, params: TaskParams): Record<string, unknown> {
  if (!finish) return { ...params };
  const { model_params: own = {}, ...standard } = params;
  const named = Object.entries(standard).flatMap(([name, value]) => {
    const engineName = engineNameOf(name, engineNames);
    return engineName === null || value === undefined ? [] : [[engineName, value] as const];
  });
  return { ...Object.fromEntries(named), ...own };
}

/** The engine's name of a standard parameter; null for one that it is not told. */
export function engineNameOf(name: string, engineNames: CatalogueModel['engineNames']): string | null {
  if (Object.hasOwn(engineNames, name)) return engineNames[name]!;
  return isDelivery(name) ? null : name;
}

/** What is left to our own engine: how to deliver what the engine made. Nothing of a model that delivers everything itself. */
export function finishingParams({ finish }: Finish, params: TaskParams): Partial<DeliveryParams> {
  if (!finish) return {};
  return Object.fromEntries(Object.entries(params).filter(([name, value]) => isDelivery(name) && value !== undefined));
}

const isDelivery = (name: string): boolean => (deliveryNames as readonly string[]).includes(name);
