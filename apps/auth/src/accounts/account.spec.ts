import { accountView, newAccount } from './account.js';

const now = new Date('2026-11-23T08:00:00.000Z');
const register = (display_name?: string) =>
  newAccount('01890000-0000-7000-8000-000000000001', { email: 'ada@example.org', display_name }, '$argon2id$…', now);

describe('a new account', () => {
  it.each([
    ['  Ada  ', 'Ada'],
    ['Ada Lovelace', 'Ada Lovelace'],
    ['\u00a0Ада\t', 'Ада'],
    ['   ', null],
    [undefined, null],
  ])('called %j has the name %j', (given, kept) => {
    expect(register(given).displayName).toBe(kept);
  });
});

it('an account shows its owner everything but the password hash', () => {
  expect(accountView(register('Ada'))).toEqual({
    id: '01890000-0000-7000-8000-000000000001',
    email: 'ada@example.org',
    display_name: 'Ada',
    created_at: '2026-11-23T08:00:00.000Z',
  });
});
