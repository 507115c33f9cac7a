import { deadlineOf, envelope, versionOf } from './envelope.js';

describe('the envelope of a message', () => {
  it('says until when it is of use, to the broker and to the reader', () => {
    const { headers, expiration } = envelope({ remainingMs: 1500.2 });
    expect(expiration).toBe(1501);
    expect(deadlineOf({ headers: headers as object })! - Date.now()).toBeGreaterThan(1400);
  });

  it('has no deadline and version 1 when nothing is said of them', () => {
    for (const headers of [envelope({}).headers as object, {}, undefined]) {
      expect([deadlineOf({ headers }), versionOf({ headers })]).toEqual([undefined, 1]);
    }
    expect(envelope({}).expiration).toBeUndefined();
  });

  it('is never for longer than no time at all', () => expect(envelope({ remainingMs: -5 }).expiration).toBe(0));
});
