import { Pattern, Whole } from './fields.js';

/** Where a list goes on: opaque to clients, and only good for the list that gave it. */
export const Cursor = (options: { optional?: boolean; nullable?: boolean } = {}): PropertyDecorator =>
  Pattern({ pattern: /^[\w-]{1,200}$/, description: 'Where the list goes on', ...options });

/** Which part of a list: newest first. */
export class PageOf {
  @Whole({ min: 1, max: 100 }) limit = 20;
  @Cursor({ optional: true }) cursor?: string;
}
