import { outcomeOfAnswer, outcomeOfFailure, Refused, TooSlow } from './outcome.js';

const withCode = (code: string, about: object = {}): Error =>
  Object.assign(new Error('with a secret'), { code }, about);

describe('what came of a call', () => {
  it.each([200, 201, 204, 299])('%i is heard', (responseStatus) => {
    expect(outcomeOfAnswer(responseStatus)).toEqual({ responseStatus, error: null });
  });

  it.each([
    [302, 302, 'The receiver answered 302. Redirects are not followed.'],
    [400, 400, 'The receiver answered 400.'],
    [599, 599, 'The receiver answered 599.'],
    [600, null, 'The receiver answered 600.'],
    [999, null, 'The receiver answered 999.'],
  ])('%i is not', (status, responseStatus, error) => {
    expect(outcomeOfAnswer(status)).toEqual({ responseStatus, error });
  });

  it.each([
    [new Refused('The address must use port 443.'), 'The address must use port 443.'],
    [new TooSlow('There was no answer within 15 seconds.'), 'There was no answer within 15 seconds.'],
    [withCode('ENOTFOUND'), 'The host name does not exist. (ENOTFOUND)'],
    [withCode('ESERVFAIL'), 'The name servers of the host do not answer. (ESERVFAIL)'],
    [withCode('CERT_HAS_EXPIRED'), 'The certificate of the host is not good for it. (CERT_HAS_EXPIRED)'],
    [
      withCode('ERR_TLS_CERT_ALTNAME_INVALID'),
      'The certificate of the host is not good for it. (ERR_TLS_CERT_ALTNAME_INVALID)',
    ],
    [withCode('UND_ERR_CONNECT_TIMEOUT'), 'The host does not answer. (UND_ERR_CONNECT_TIMEOUT)'],
    [withCode('EWHATEVER'), 'The call failed. (EWHATEVER)'],
    [
      new Error('with a secret', { cause: withCode('ECONNRESET') }),
      'The connection was closed before there was an answer. (ECONNRESET)',
    ],
    [new AggregateError([withCode('ECONNREFUSED')], 'with a secret'), 'The host refuses connections. (ECONNREFUSED)'],
    [new Error('with a secret'), 'The call failed.'],
    ['with a secret', 'The call failed.'],
    [null, 'The call failed.'],
  ])('%s is told in plain words', (failure, error) => {
    expect(outcomeOfFailure(failure)).toEqual({ responseStatus: null, error });
  });
});
