import { type FieldError, Problem, type ProblemCode, problems } from '#contracts';

/** The only table that knows both our refusals and HTTP. A code without a status does not compile. */
export const statusOf = {
  malformed_request: 400,
  authentication_required: 401,
  invalid_token: 401,
  invalid_credentials: 401,
  invalid_refresh_token: 401,
  wrong_password: 403,
  insufficient_scope: 403,
  origin_not_allowed: 403,
  storage_quota_exceeded: 403,
  not_found: 404,
  format_not_available: 404,
  method_not_allowed: 405,
  email_taken: 409,
  too_many_api_keys: 409,
  task_not_finished: 409,
  task_failed: 409,
  task_canceled: 409,
  task_expired: 409,
  task_already_finished: 409,
  file_in_use: 409,
  payload_too_large: 413,
  file_too_large: 413,
  unsupported_media_type: 415,
  range_not_satisfiable: 416,
  invalid_parameters: 422,
  file_missing: 422,
  invalid_image: 422,
  invalid_model: 422,
  prompt_or_image_required: 422,
  model_not_found: 422,
  file_not_found: 422,
  parameter_not_supported: 422,
  idempotency_key_reused: 422,
  output_rejected: 422,
  too_many_attempts: 429,
  too_many_requests: 429,
  too_many_queued_tasks: 429,
  internal_error: 500,
  service_unavailable: 503,
} as const satisfies Record<ProblemCode, number>;

/** A problem document (RFC 9457) with the members every one of ours has. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  request_id: string;
  errors?: FieldError[];
  [member: string]: unknown;
}

/** What a client is told. The standard members win over a member of the same name. */
export function problemDocument(problem: Problem, requestId: string): ProblemDocument {
  const { code, message, details } = problem;
  return {
    ...details.members,
    type: `/problems/${code}`,
    title: problems[code],
    status: statusOf[code],
    detail: message,
    code,
    request_id: requestId,
    ...(details.errors ? { errors: details.errors } : {}),
  };
}

const secondsToWait: Partial<Record<number, number>> = { 429: 10, 503: 2 };

/** The headers that belong to a refusal: how to authenticate (RFC 6750 §3), when to come back (RFC 9110 §10.2.3). */
export function problemHeaders({ code, message, details }: Problem): Record<string, string> {
  const status = statusOf[code];
  const wait = details.retryAfter ?? secondsToWait[status];
  return {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(status === 401 || code === 'insufficient_scope'
      ? { 'www-authenticate': challenge(code, message, details) }
      : {}),
    ...(code === 'range_not_satisfiable' ? { 'content-range': `bytes */${String(details.members?.size_bytes)}` } : {}),
    ...(wait === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(wait))) }),
  };
}

/** Our codes that are errors of RFC 6750 §3.1 by the same name. */
const bearerErrors: ReadonlySet<ProblemCode> = new Set(['invalid_token', 'insufficient_scope']);

/** Without a token the challenge names no error; with a bad one it says which, and with a too weak one what it lacks. */
function challenge(code: ProblemCode, detail: string, { members }: Problem['details']): string {
  const parameters = {
    realm: 'lathe',
    ...(bearerErrors.has(code) ? { error: code, error_description: detail } : {}),
    ...(typeof members?.required_scope === 'string' ? { scope: members.required_scope } : {}),
  };
  const quoted = Object.entries(parameters).map(([name, value]) => `${name}="${value.replaceAll(/["\\]/g, '')}"`);
  return `Bearer ${quoted.join(', ')}`;
}

const codeOf: Partial<Record<number, ProblemCode>> = {
  401: 'authentication_required',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  414: 'not_found', // a path part no id of ours has the length of
  415: 'unsupported_media_type',
  503: 'service_unavailable',
};

/** The problem for a status that the framework answers by itself. */
export function problemOfStatus(status: number, detail?: string): Problem {
  const code = codeOf[status] ?? (status >= 500 ? 'internal_error' : 'malformed_request');
  return new Problem(code, code === 'internal_error' ? undefined : detail);
}
