import type { Outcome } from './delivery.js';

/** A call was not made because of where it would have gone; the message says why. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** There was no answer in time. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** What an answer comes to: only 2xx says that the receiver has it (Standard Webhooks). A status that HTTP does not have is none. */
export function outcomeOfAnswer(status: number): Outcome {
  const responseStatus = status >= 100 && status < 600 ? status : null;
  if (status >= 200 && status < 300) return { responseStatus, error: null };
  const redirect = status >= 300 && status < 400 ? ' Redirects are not followed.' : '';
  return { responseStatus, error: `The receiver answered ${status}.${redirect}` };
}

const explanations: [codes: RegExp, explanation: string][] = [
  [/^(ENOTFOUND|ENODATA)$/, 'The host name does not exist.'],
  [/^(ESERVFAIL|ETIMEOUT|EAI_AGAIN|EREFUSED)$/, 'The name servers of the host do not answer.'],
  [/^ECONNREFUSED$/, 'The host refuses connections.'],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, 'The host cannot be reached.'],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, 'The host does not answer.'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'The connection was closed before there was an answer.'],
  [/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS_CERT)/, 'The certificate of the host is not good for it.'],
  [/^(ERR_SSL|EPROTO|ERR_TLS)/, 'The host does not speak TLS as it should.'],
  [/^(HPE_|UND_ERR_HEADERS|UND_ERR_RESPONSE)/, 'The answer is not HTTP as it should be.'],
];

/** Why there was no answer, in words for whoever runs the receiver. Nothing of what it sent is in them. */
export function outcomeOfFailure(failure: unknown): Outcome {
  if (failure instanceof Refused || failure instanceof TooSlow) return { responseStatus: null, error: failure.message };
  const code = codeOf(failure);
  const explanation = explanations.find(([codes]) => codes.test(code))?.[1] ?? 'The call failed.';
  return { responseStatus: null, error: code === '' ? explanation : `${explanation} (${code})` };
}

/** Of the error itself, or of the first of several that were tried, or of what caused it. */
function codeOf(failure: unknown): string {
  if (typeof failure !== 'object' || failure === null) return '';
  const { name, code, errors, cause } = failure as Record<'name' | 'code' | 'errors' | 'cause', unknown>;
  if (typeof code === 'string') return code.slice(0, 64);
  if (name === 'HTTPParserError') return 'HPE_INVALID'; // undici does not always say what its parser found
  return codeOf(Array.isArray(errors) ? errors[0] : cause);
}
