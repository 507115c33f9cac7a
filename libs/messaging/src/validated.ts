import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { type Class, type FieldError, Problem } from '#contracts';

/**
 * Makes an instance of a contract's class from what arrived, or throws `invalid_parameters` naming every wrong place.
 * Unknown fields are refused, or left out when they are `dropped`: what a newer release of ourselves adds must not stop an older one.
 */
export function validated<T extends object>(
  type: Class<T>,
  value: unknown,
  unknownFields: 'refused' | 'dropped' = 'refused',
): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem('invalid_parameters', 'The body must be a JSON object', {
      errors: [{ pointer: '', message: 'must be an object' }],
    });
  }
  const unusable = unusablePlace(value, '', 0);
  if (unusable) throw new Problem('invalid_parameters', undefined, { errors: [unusable] });
  const instance = plainToInstance(type, value, { exposeDefaultValues: true });
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: unknownFields === 'refused',
    forbidUnknownValues: false,
    stopAtFirstError: true,
  });
  if (errors.length > 0) {
    throw new Problem('invalid_parameters', undefined, { errors: errors.flatMap((error) => fieldErrors(error, '')) });
  }
  return instance;
}

const deepest = 32;

/**
 * The first place that may not even be looked at: class-transformer recurses without a limit and drops, or stumbles over, names
 * that every object inherits; PostgreSQL keeps neither NUL nor half a surrogate pair. Null when there is none.
 */
export function unusablePlace(value: unknown, pointer: string, depth: number): FieldError | null {
  if (typeof value === 'string') {
    return isKeepable(value) ? null : { pointer, message: 'must not contain NUL or broken Unicode' };
  }
  if (typeof value !== 'object' || value === null) return null;
  if (depth === deepest) return { pointer, message: `must not be nested more than ${deepest} levels deep` };
  for (const [name, inner] of Object.entries(value)) {
    if (!isKeepable(name)) return { pointer, message: 'must not have names with NUL or broken Unicode' };
    const place = `${pointer}/${escaped(name)}`;
    if (name in Object.prototype) return { pointer: place, message: `${name} is not a known field` };
    const found = unusablePlace(inner, place, depth + 1);
    if (found) return found;
  }
  return null;
}

const isKeepable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** A name as a part of an RFC 6901 pointer. */
const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const pointer = `${parent}/${escaped(error.property)}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    pointer,
    message: rule === 'whitelistValidation' ? `${error.property} is not a known field` : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, pointer))];
}
