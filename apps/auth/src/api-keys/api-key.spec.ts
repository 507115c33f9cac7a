import { apiKeyGrant, apiKeyHash, apiKeyView, newApiKeyRow } from './api-key.js';

const now = new Date('2026-11-23T08:00:00.000Z');
const id = '01890000-0000-7000-8000-000000000001';
const account_id = '01890000-0000-7000-8000-000000000002';
const key = 'lathe_x7Gq2mPaZ00000000000000000000000000000000abcdef';
const row = (expires_at?: string) =>
  newApiKeyRow(id, key, { account_id, name: 'render farm', scopes: ['generate', 'files:read'], expires_at }, now);

describe('an API key', () => {
  it('is shown with its beginning, and kept as its SHA-256', () => {
    expect(apiKeyView(row('2026-12-01T00:00:00+01:00'))).toEqual({
      id,
      name: 'render farm',
      prefix: 'lathe_x7Gq2mPa',
      scopes: ['generate', 'files:read'],
      created_at: '2026-11-23T08:00:00.000Z',
      expires_at: '2026-11-30T23:00:00.000Z',
      last_used_at: null,
    });
    expect(row().keyHash).toEqual(apiKeyHash(key));
    expect(row().keyHash).toHaveLength(32);
    expect(JSON.stringify(row())).not.toContain(key.slice(0, 16));
  });

  it('grants its scopes for its account', () => {
    const scopes = ['generate', 'files:read'];
    expect(apiKeyGrant(row())).toEqual({ account_id, key_id: id, scopes, expires_at: null });
  });

  it.each([
    '2026-11-23T08:00:00.000Z',
    '2020-01-01',
    '2027-W01',
    '2026-11-23T08:00:00.000+01:00',
    '+12000-01-01T00:00:00Z',
  ])('is not made to expire at %s', (expires_at) => {
    const errors = [{ pointer: '/expires_at', message: 'expires_at must be a moment in the future' }];
    expect(() => row(expires_at)).toThrow(expect.objectContaining({ code: 'invalid_parameters', details: { errors } }));
  });
});
