import { EngineFailure } from '../generations/attempt-failure.js';

/**
 * There was no answer, or one that only says that there is none (5xx). `certainlyUnheard` when the request did not leave: then it may be
 * sent again without the danger of being obeyed twice.
 */
export class EngineUnreachable extends EngineFailure {
  constructor(
    detail: string,
    readonly certainlyUnheard: boolean,
    options?: ErrorOptions,
  ) {
    super('engine_unavailable', detail, options);
  }
}

const unheard =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_|DEPTH_ZERO|SELF_SIGNED|ERR_TLS_CERT)/;

/** What a failed connection comes to. Its words are about the connection, and have nothing of what was sent. */
export function unreachable(call: string, cause: unknown): EngineUnreachable {
  const code = codeOf(cause);
  return new EngineUnreachable(`${call}: ${code || 'the call failed'}`, unheard.test(code), { cause });
}

/** Of the error itself, of the first of several that were tried, or of what caused it. */
function codeOf(failure: unknown): string {
  if (typeof failure !== 'object' || failure === null) return '';
  const { code, errors, cause } = failure as Record<'code' | 'errors' | 'cause', unknown>;
  if (typeof code === 'string') return code.slice(0, 64);
  return codeOf(Array.isArray(errors) ? errors[0] : cause);
}
