import { isUUID } from 'class-validator';
import { Problem } from '#contracts';

/** One part of a list that is ordered by an id, and where it goes on. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** Makes a page of rows that were asked for with a limit of one more: the one too many says that the list goes on. */
export function pageOf<T>(found: T[], limit: number, idOf: (item: T) => string): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next_cursor: found.length > limit && last !== undefined ? cursorOf(idOf(last)) : null };
}

/** The id that a cursor stands for: the page begins after it. Throws `invalid_parameters` for what is no cursor of ours. */
export function idFrom(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const id = Buffer.from(cursor, 'base64url').toString();
  if (isUUID(id)) return id;
  throw new Problem('invalid_parameters', undefined, {
    errors: [{ pointer: '/cursor', message: 'cursor must be one that this list gave' }],
  });
}

const cursorOf = (id: string): string => Buffer.from(id).toString('base64url');
