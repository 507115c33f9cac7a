import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { characterCount } from './text.js';

/**
 * One decorator a field: it is the check at run time and the schema in the OpenAPI document, so that the two cannot differ.
 * `optional` may be left out; `nullable` may be null.
 */
interface FieldOptions {
  optional?: boolean;
  nullable?: boolean;
  description?: string;
  example?: unknown;
}

const together =
  (...decorators: PropertyDecorator[]): PropertyDecorator =>
  (target, name) => {
    for (const decorate of decorators) decorate(target, name);
  };

function field(options: FieldOptions, schema: ApiPropertyOptions, ...checks: PropertyDecorator[]): PropertyDecorator {
  const { optional = false, nullable = false, description, example } = options;
  const presence: PropertyDecorator[] = [];
  if (optional && nullable) presence.push(IsOptional());
  else if (optional) presence.push(ValidateIf((_, value) => value !== undefined));
  else if (nullable) presence.push(ValidateIf((_, value) => value !== null));
  const documented = { ...schema, required: !optional, nullable: nullable || undefined, description, example };
  return together(...presence, ...checks, ApiProperty(documented as ApiPropertyOptions));
}

/**
 * A string of `min` to `max` characters (code points) in NFC, without control characters other than line breaks and tabs. One that
 * has to be `visible` is more than spaces.
 */
export const Text = ({
  min = 1,
  max,
  visible = false,
  ...options
}: FieldOptions & { min?: number; max: number; visible?: boolean }): PropertyDecorator =>
  field(
    options,
    { type: String, minLength: min, maxLength: max },
    Transform(({ value }) => (typeof value === 'string' ? value.normalize('NFC') : value)),
    IsString({ message: '$property must be a string' }),
    CharacterCount(min, max),
    ValidateBy({
      name: 'plainText',
      validator: {
        validate: (value) => typeof value !== 'string' || isPlainText(value),
        defaultMessage: () => '$property must not contain control characters or broken Unicode',
      },
    }),
    ValidateBy({
      name: 'visibleText',
      validator: {
        validate: (value) => !visible || typeof value !== 'string' || value === '' || isVisible(value),
        defaultMessage: () => '$property must not be blank',
      },
    }),
  );

/** Unicode control characters are refused (they corrupt logs and terminals), and so are lone surrogates. */
const isPlainText = (value: string): boolean =>
  value.isWellFormed() && !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(value.replaceAll(/[\n\r\t]/g, ''));

const isVisible = (value: string): boolean => /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}]/u.test(value);

/** `min` to `max` characters as people count them: code points. What is no string, `IsString` refuses. */
const CharacterCount = (min: number, max: number): PropertyDecorator =>
  ValidateBy({
    name: 'characterCount',
    validator: {
      validate: (value) => typeof value !== 'string' || (characterCount(value) >= min && characterCount(value) <= max),
      defaultMessage: () => `$property must be ${min} to ${max} characters long`,
    },
  });

/** An opaque string that is compared, never shown: a password, a token. Kept exactly as it was sent. */
export const Secret = ({ min, max, ...options }: FieldOptions & { min: number; max: number }): PropertyDecorator =>
  field(
    options,
    { type: String, minLength: min, maxLength: max },
    IsString({ message: '$property must be a string' }),
    CharacterCount(min, max),
  );

export const Email = (options: FieldOptions = {}): PropertyDecorator =>
  field(
    options,
    { type: String, format: 'email', maxLength: 254 },
    Transform(({ value }) => (typeof value === 'string' ? value.trim().toLowerCase() : value)),
    IsEmail({}, { message: '$property must be an e-mail address' }),
  );

export const Id = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, format: 'uuid' }, IsUUID('all', { message: '$property must be a UUID' }));

/** Several ids. */
export const Ids = (options: FieldOptions = {}): PropertyDecorator =>
  field(
    options,
    { isArray: true, type: String, format: 'uuid' },
    IsArray({ message: '$property must be a list' }),
    IsUUID('all', { each: true, message: 'each of $property must be a UUID' }),
  );

/** Up to `max` short texts, each once. */
export const Names = ({ max, ...options }: FieldOptions & { max: number }): PropertyDecorator =>
  field(
    options,
    { isArray: true, type: String, minLength: 1, maxLength: 100, maxItems: max, uniqueItems: true },
    IsArray({ message: '$property must be a list' }),
    ArrayMaxSize(max),
    ArrayUnique({ message: '$property must not name anything twice' }),
    IsString({ each: true, message: 'each of $property must be a string' }),
    Length(1, 100, { each: true }),
  );

export const Pattern = ({ pattern, ...options }: FieldOptions & { pattern: RegExp }): PropertyDecorator =>
  field(options, { type: String, pattern: pattern.source }, IsString(), Matches(pattern));

export const Url = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, format: 'uri' }, IsString(), Length(1, 4096));

/** A moment as ISO 8601 in UTC. */
export const Time = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: String, format: 'date-time' }, IsISO8601());

export const Flag = (options: FieldOptions & { default?: boolean } = {}): PropertyDecorator =>
  field(
    options,
    { type: Boolean, default: options.default },
    IsBoolean({ message: '$property must be true or false' }),
  );

/** A whole number. */
export const Whole = ({ min, max, ...options }: FieldOptions & { min: number; max?: number }): PropertyDecorator =>
  field(
    options,
    { type: 'integer', minimum: min, maximum: max },
    IsInt({ message: '$property must be a whole number' }),
    Min(min),
    ...(max === undefined ? [] : [Max(max)]),
  );

/** A number with a fraction. */
export const Real = ({ min, max, ...options }: FieldOptions & { min?: number; max?: number } = {}): PropertyDecorator =>
  field(
    options,
    { type: Number, minimum: min, maximum: max },
    IsNumber({}, { message: '$property must be a number' }),
    ...(min === undefined ? [] : [Min(min)]),
    ...(max === undefined ? [] : [Max(max)]),
  );

/** One of a closed list of words. */
export const OneOf = (
  values: readonly string[],
  { name, ...options }: FieldOptions & { name?: string } = {},
): PropertyDecorator =>
  field(
    options,
    { enum: [...values], ...(name ? { enumName: name } : {}) },
    IsIn([...values], { message: `$property must be one of: ${values.join(', ')}` }),
  );

/** Several of a closed list of words, without repetition. */
export const SomeOf = (
  values: readonly string[],
  { min = 1, ...options }: FieldOptions & { min?: number } = {},
): PropertyDecorator =>
  field(
    options,
    { isArray: true, enum: [...values], minItems: min, uniqueItems: true },
    IsArray(),
    ArrayMinSize(min),
    ArrayMaxSize(values.length),
    IsIn([...values], { each: true, message: `each of $property must be one of: ${values.join(', ')}` }),
  );

/** @nestjs/swagger takes a function for a reference to a class only when the function's own name is `type`. */
const referenceTo = (of: () => Class): { type: () => Class } => ({ type: () => of() });

export const Nested = (type: () => Class, options: FieldOptions = {}): PropertyDecorator =>
  field(options, referenceTo(type), IsObject({ message: '$property must be an object' }), ValidateNested(), Type(type));

export const ListOf = (
  type: () => Class,
  { max, min = 0, ...options }: FieldOptions & { min?: number; max?: number } = {},
): PropertyDecorator =>
  field(
    options,
    { ...referenceTo(type), isArray: true, minItems: min, maxItems: max },
    IsArray({ message: '$property must be a list' }),
    ArrayMinSize(min),
    ...(max === undefined ? [] : [ArrayMaxSize(max)]),
    IsObject({ each: true, message: 'each of $property must be an object' }), // ValidateNested takes a list for one, too
    ValidateNested({ each: true }),
    Type(type),
  );

/** An object whose inside another rule checks. */
export const Anything = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: Object, additionalProperties: true }, IsObject({ message: '$property must be an object' }));

/** A list whose inside another rule checks. */
export const AnyList = (options: FieldOptions = {}): PropertyDecorator =>
  field(options, { type: 'array', items: {} }, IsArray({ message: '$property must be a list' }));

/** Up to `max` short strings under short names. */
export const ShortStrings = ({ max, ...options }: FieldOptions & { max: number }): PropertyDecorator =>
  field(
    options,
    {
      type: Object,
      additionalProperties: { type: 'string', maxLength: 256 },
      maxProperties: max,
    },
    ValidateBy({
      name: 'shortStrings',
      validator: {
        validate: (value) => isShortStrings(value, max),
        defaultMessage: () => `$property must be an object of at most ${max} strings of at most 256 characters`,
      },
    }),
  );

function isShortStrings(value: unknown, max: number): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= max &&
    entries.every(([key, text]) => key.length <= 64 && typeof text === 'string' && text.length <= 256)
  );
}

type Class = new () => object;
