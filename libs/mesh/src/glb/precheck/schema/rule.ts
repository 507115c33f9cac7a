import { MeshError } from '../../../error.js';

/** What a value of the document must be; throws a `MeshError` that names the place when it is not. */
export type Rule = (value: unknown, at: Place) => void;

/** The place in a document that is being looked at, and the document. */
export class Place {
  readonly path: (string | number)[] = [];

  constructor(readonly document: Readonly<Record<string, unknown>>) {}

  /** Applies a rule one step further down. */
  below(step: string | number, rule: Rule, value: unknown): void {
    this.path.push(step);
    rule(value, this);
    this.path.pop();
  }

  /** Elements of one of the document's own lists. */
  countOf(list: string): number {
    const elements = this.document[list];
    return Array.isArray(elements) ? elements.length : 0;
  }

  isNo(expected: string): never {
    throw new MeshError('invalid_glb', `/${this.path.join('/').slice(0, 200)} is no ${expected}`);
  }
}

export const anything: Rule = () => {};

export const text: Rule = (value, at) => {
  if (typeof value !== 'string') at.isNo('string');
};

export const flag: Rule = (value, at) => {
  if (typeof value !== 'boolean') at.isNo('boolean');
};

/** A finite number up to a magnitude. */
export const number =
  (max: number): Rule =>
  (value, at) => {
    if (typeof value !== 'number' || !(Math.abs(value) <= max)) at.isNo(`number up to ${max}`);
  };

/** A whole number from `min` to `max`. */
export const whole =
  (min: number, max: number = Number.MAX_SAFE_INTEGER): Rule =>
  (value, at) => {
    if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
      at.isNo(`whole number from ${min} to ${max}`);
    }
  };

export const oneOf =
  (...values: (string | number)[]): Rule =>
  (value, at) => {
    if (!values.includes(value as string)) at.isNo(`value of ${values.join(', ')}`);
  };

/** The number of an element of one of the document's own lists. */
export const indexOf =
  (list: string): Rule =>
  (value, at) => {
    const count = at.countOf(list);
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) >= count) {
      at.isNo(`index below ${count}, the number of ${list}`);
    }
  };

/** A list of at most `max` elements. */
export const list =
  (rule: Rule, max: number, min = 0): Rule =>
  (value, at) => {
    if (!Array.isArray(value)) return at.isNo('list');
    if (value.length > max) {
      throw new MeshError('too_large', `/${at.path.join('/')} has ${value.length} elements; ${max} are allowed`);
    }
    if (value.length < min) at.isNo(`list of at least ${min}`);
    for (let index = 0; index < value.length; index++) at.below(index, rule, value[index]);
  };

/** A list of exactly so many elements. */
export const tuple =
  (rule: Rule, length: number): Rule =>
  (value, at) => {
    if (!Array.isArray(value) || value.length !== length) return at.isNo(`list of ${length}`);
    for (let index = 0; index < length; index++) at.below(index, rule, value[index]);
  };

/** An object whose named members follow their rules; others are not looked at. */
export const object = (members: Record<string, Rule>, required: readonly string[] = []): Rule => {
  const rules = Object.entries(members);
  return (value, at) => {
    const own = membersOf(value, at);
    for (const name of required) if (own[name] === undefined) at.below(name, (_, place) => place.isNo('value'), null);
    for (const [name, rule] of rules) if (own[name] !== undefined) at.below(name, rule, own[name]);
  };
};

/** An object of at most `max` members with any names, all of one kind. */
export const record =
  (rule: Rule, max: number): Rule =>
  (value, at) => {
    const entries = Object.entries(membersOf(value, at));
    if (entries.length > max) {
      throw new MeshError('too_large', `/${at.path.join('/')} has ${entries.length} members; ${max} are allowed`);
    }
    for (const [name, member] of entries) at.below(name, rule, member);
  };

function membersOf(value: unknown, at: Place): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : at.isNo('object');
}
