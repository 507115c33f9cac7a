import { idFrom, pageOf } from './paging.js';

const ids = Array.from({ length: 4 }, (_, index) => `01890000-0000-7000-8000-00000000000${index}`);
const rows = ids.map((id) => ({ id }));
const page = (found: number, limit: number) => pageOf(rows.slice(0, found), limit, ({ id }) => id);

describe('a page', () => {
  it('goes on after its last row when there is one more', () => {
    const { items, next_cursor } = page(3, 2);
    expect(items).toEqual(rows.slice(0, 2));
    expect(next_cursor).toMatch(/^[\w-]+$/);
    expect(idFrom(next_cursor!)).toBe(ids[1]);
  });

  it.each([0, 1, 2])('of %d rows is the last one', (found) => {
    expect(page(found, 2)).toEqual({ items: rows.slice(0, found), next_cursor: null });
  });

  it('begins at the top without a cursor', () => {
    expect(idFrom(undefined)).toBeUndefined();
  });

  it.each(['', 'x', 'AAAA', Buffer.from("' OR 1=1 --").toString('base64url')])('refuses the cursor %j', (cursor) => {
    expect(() => idFrom(cursor)).toThrow(expect.objectContaining({ code: 'invalid_parameters' }));
  });
});
