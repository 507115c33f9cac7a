import { outageOf } from './outage.js';

const error = (about: object): Error => Object.assign(new Error('x'), about);

describe('an outage of the database', () => {
  it.each([
    { code: 'ECONNREFUSED' },
    { code: '57P01' },
    { code: '08006' },
    { code: '57014' },
    { code: '40P01' },
    { message: 'Connection terminated unexpectedly' },
    { message: 'Client has encountered a connection error and is not queryable' },
    { message: 'timeout exceeded when trying to connect' },
  ])('is recognised by %j and may pass', (about) => {
    expect(outageOf(error(about))).toMatchObject({ code: 'service_unavailable', details: { retryAfter: 2 } });
  });

  it.each([{ code: '23505' }, { code: 8 }, { message: 'cannot read properties of undefined' }])(
    'is not %j',
    (about) => {
      expect(outageOf(error(about))).toBeNull();
    },
  );
});
