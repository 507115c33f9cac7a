import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { type Class, type FieldError, Problem } from '#contracts';

/**
 * Makes an instance of a contract's class from what arrived, or throws `invalid_parameters` naming every wrong place.
 * Unknown fields are refused, not ignored.
 */
export function validated<T extends object>(type: Class<T>, value: unknown): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Problem('invalid_parameters', 'The body must be a JSON object', {
      errors: [{ pointer: '', message: 'must be an object' }],
    });
  }
  const instance = plainToInstance(type, value, { exposeDefaultValues: true });
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    stopAtFirstError: true,
  });
  if (errors.length > 0) {
    throw new Problem('invalid_parameters', undefined, { errors: errors.flatMap((error) => fieldErrors(error, '')) });
  }
  return instance;
}

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    pointer,
    message: rule === 'whitelistValidation' ? `${error.property} is not a known field` : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, pointer))];
}
