import type { FieldError } from '#contracts';

/** Every way a worker can be refused, and its HTTP status. What the API has too has the same code there. */
const problems = {
  malformed_request: [400, 'The request could not be read'],
  invalid_token: [401, 'The token is not valid'],
  wrong_pool: [403, 'The token is for another pool'],
  not_found: [404, 'No such thing'],
  stale: [409, 'The worker does not hold this attempt'],
  payload_too_large: [413, 'The request body is too large'],
  unsupported_media_type: [415, 'The body is to be application/json'],
  invalid_parameters: [422, 'The request is not valid'],
  too_many_requests: [429, 'Too many requests'],
  internal_error: [500, 'Something went wrong on our side'],
  service_unavailable: [503, 'Something this needs did not answer in time'],
} as const satisfies Record<string, readonly [number, string]>;

export type WorkerProblemCode = keyof typeof problems;

/** A refusal of a worker's request. Anything else that is thrown is a bug. */
export class WorkerProblem extends Error {
  override readonly name = 'WorkerProblem';

  constructor(
    readonly code: WorkerProblemCode,
    detail?: string,
    readonly errors: FieldError[] = [],
  ) {
    super(detail ?? problems[code][1]);
  }

  get status(): number {
    return problems[this.code][0];
  }
}

/** The problem document (RFC 9457) of a refusal. */
export function workerProblemDocument(problem: WorkerProblem, requestId: string): object {
  const { code, status, message, errors } = problem;
  return {
    type: `/problems/${code}`,
    title: problems[code][1],
    status,
    detail: message,
    code,
    request_id: requestId,
    ...(errors.length > 0 ? { errors } : {}),
  };
}

const secondsToWait: Partial<Record<number, string>> = { 429: '10', 503: '2' };

/** The headers of a refusal: how to authenticate (RFC 6750 §3), when to come back (RFC 9110 §10.2.3). */
export function workerProblemHeaders({ status }: WorkerProblem): Record<string, string> {
  const wait = secondsToWait[status];
  return {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="lathe workers"' } : {}),
    ...(wait === undefined ? {} : { 'retry-after': wait }),
  };
}

const codeOf: Partial<Record<number, WorkerProblemCode>> = {
  404: 'not_found',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  503: 'service_unavailable',
};

/** The refusal for a status that Fastify answers by itself. */
export const workerProblemOfStatus = (status: number): WorkerProblem =>
  new WorkerProblem(codeOf[status] ?? (status >= 500 ? 'internal_error' : 'malformed_request'));
