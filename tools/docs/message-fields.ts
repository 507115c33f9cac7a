import 'reflect-metadata';
import type { Class } from '#contracts';

/** What a field decorator of the contracts says in OpenAPI's words. */
interface Schema {
  type?: unknown;
  isArray?: boolean;
  enum?: readonly string[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  required?: boolean;
  nullable?: boolean;
  description?: string;
}

export interface MessageField {
  name: string;
  kind: string;
  presence: string;
  description: string;
  /** The class of its value, where it has one of its own. */
  nested: Class<unknown> | undefined;
}

// where @nestjs/swagger keeps what its decorators say
const namesKey = 'swagger/apiModelPropertiesArray';
const schemaKey = 'swagger/apiModelProperties';

/** The fields of a message, those of the classes it extends first. */
export function messageFields({ prototype }: Class<unknown>): MessageField[] {
  const names = (Reflect.getMetadata(namesKey, prototype as object) ?? []) as string[];
  return names.map((marked) => {
    const name = marked.slice(1);
    const schema = Reflect.getMetadata(schemaKey, prototype as object, name) as Schema;
    return {
      name,
      kind: kindOf(schema),
      presence: schema.required === false ? 'optional' : schema.nullable ? 'may be null' : '',
      description: schema.description ?? '',
      nested: nestedIn(schema),
    };
  });
}

function nestedIn({ type }: Schema): Class<unknown> | undefined {
  if (typeof type !== 'function' || isBuiltIn(type)) return undefined;
  return (type as () => Class<unknown>)();
}

const builtIns = new Map<unknown, string>([
  [String, 'text'],
  [Number, 'number'],
  [Boolean, 'true or false'],
  [Object, 'object'],
]);
const isBuiltIn = (type: unknown): boolean => builtIns.has(type);

function kindOf(schema: Schema): string {
  const one = kindOfOne(schema);
  if (!schema.isArray) return one;
  return schema.enum ? `some of ${one}` : `list of ${limited(schema.minItems, schema.maxItems)}${one}`;
}

function kindOfOne(schema: Schema): string {
  if (schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ');
  const nested = nestedIn(schema);
  if (nested) return `[${nested.name}](#${nested.name.toLowerCase()})`;
  if (schema.pattern) return `text like \`${schema.pattern}\``;
  if (schema.format) return schema.format;
  if (schema.type === 'integer') return `whole number${range(schema.minimum, schema.maximum)}`;
  if (schema.type === Number) return `number${range(schema.minimum, schema.maximum)}`;
  if (schema.type === String) return `text${range(schema.minLength, schema.maxLength, ' characters')}`;
  return builtIns.get(schema.type) ?? (schema.type === 'array' ? 'list' : String(schema.type));
}

function range(from: number | undefined, to: number | undefined, unit = ''): string {
  if (to === undefined) return from === undefined ? '' : `, ${from} or more${unit}`;
  return `, ${from ?? 0} to ${to}${unit}`;
}

const limited = (from: number | undefined, to: number | undefined): string =>
  to === undefined ? '' : `${from ?? 0} to ${to} `;
