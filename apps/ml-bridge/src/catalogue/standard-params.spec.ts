import { getMetadataStorage } from 'class-validator';
import { Problem, TaskParams } from '#contracts';
import { validated } from '#messaging';
import { type StandardName, standardNames, standardParams } from './standard-params.js';

const isTaken = (name: StandardName, value: unknown): boolean => {
  try {
    return validated(TaskParams, { [name]: value })[name] === value;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
};

describe('the standard parameters', () => {
  it('are those of the API', () => {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(TaskParams, '', false, false);
    const names = new Set(metadata.map(({ propertyName }) => propertyName));
    for (const other of ['model_params', 'lenient']) names.delete(other);
    expect(standardNames.toSorted()).toEqual([...names].toSorted());
  });

  it.each(standardNames)('%s has the limits of the API', (name) => {
    const {
      type,
      minimum,
      maximum,
      enum: values,
    } = standardParams[name] as {
      type?: string;
      minimum?: number;
      maximum?: number;
      enum?: unknown[];
    };
    const step = type === 'integer' ? 1 : 0.01;
    const taken = values ?? (type === 'boolean' ? [true, false] : [minimum, maximum]);
    const refused = values || type === 'boolean' ? ['neither', 7] : [minimum! - step, maximum! + step, 'text', null];
    expect([...taken, ...refused].map((value) => isTaken(name, value))).toEqual([
      ...taken.map(() => true),
      ...refused.map(() => false),
    ]);
    expect(isTaken(name, minimum === undefined ? 0.5 : minimum + 0.5)).toBe(type === 'number');
  });
});
