import { getMetadataStorage } from 'class-validator';
import { docCommentsOf } from './doc-comments.js';

/** A class of settings and the file it is written in. */
export interface SettingsClass {
  type: new () => object;
  file: string;
}

export interface Setting {
  name: string;
  meaning: string;
  /** What it is when nobody sets it; undefined when it has to be set. */
  byDefault: string | undefined;
  allowed: string;
}

interface Rule {
  name?: string;
  constraints?: readonly unknown[];
  propertyName: string;
}

/** The settings that a class itself adds to those it extends, in the order they are written in. */
export function settingsOf({ type, file }: SettingsClass): Setting[] {
  const defaults = new type();
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false) as Rule[];
  return (docCommentsOf(file).fields.get(type.name) ?? []).map(({ name, comment, madeAtStart }) => {
    const own = rules.filter(({ propertyName }) => propertyName === name);
    const value = Reflect.get(defaults, name) as string | number | undefined;
    const missing = own.some((rule) => rule.name === 'isOptional') ? 'not set' : undefined;
    return {
      name,
      meaning: comment,
      byDefault: madeAtStart ? 'made at each start' : (shown(value) ?? missing),
      allowed: allowed(own),
    };
  });
}

const shown = (value: string | number | undefined): string | undefined => (value === '' ? 'empty' : value?.toString());

/** What the checks of a setting let through, as a person would say it. */
function allowed(rules: readonly Rule[]): string {
  const limits = new Map(rules.map(({ name = '', constraints }) => [name, constraints?.[0]]));
  const words = limits.get('isIn') as string[] | undefined;
  const url = limits.get('isUrl') as { protocols: string[] } | undefined;
  const pattern = limits.get('matches') as RegExp | undefined;
  if (words) return words.join(', ');
  if (url) return `${url.protocols.map((protocol) => `${protocol}://`).join(' or ')}…`;
  if (pattern) return `text like \`${pattern.source}\``;
  if (limits.has('listOf')) return 'comma-separated list';
  if (limits.has('isInt')) return range(limits.get('min') as number, limits.get('max') as number | undefined);
  if (limits.has('minLength')) return `text of ${limits.get('minLength') as number} characters or more`;
  return 'text';
}

const range = (from: number, to: number | undefined): string =>
  to === undefined ? `${from} or more` : `${from} to ${to}`;
