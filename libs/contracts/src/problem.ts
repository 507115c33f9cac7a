/** Every way a request can be refused, once. A code is part of the public API: never rename one. */
export const problems = {
  malformed_request: 'The request could not be read',
  invalid_parameters: 'The request is not valid',
  authentication_required: 'Authentication is required',
  invalid_token: 'The access token is not valid',
  invalid_credentials: 'The e-mail address or the password is wrong',
  invalid_refresh_token: 'The refresh token is not valid',
  wrong_password: 'The current password is wrong',
  insufficient_scope: 'The API key may not do this',
  origin_not_allowed: 'Pages of this origin may not do this',
  too_many_attempts: 'Too many wrong passwords',
  too_many_requests: 'Too many requests',
  too_many_api_keys: 'The account has too many API keys',
  email_taken: 'An account with this e-mail address exists',
  not_found: 'No such thing',
  method_not_allowed: 'This method is not allowed here',
  payload_too_large: 'The request body is too large',
  file_missing: 'The upload has no file',
  file_too_large: 'The file is too large',
  unsupported_media_type: 'This kind of file or body is not accepted',
  invalid_image: 'The picture cannot be used',
  invalid_model: 'The 3D model cannot be used',
  storage_quota_exceeded: 'The account may not keep that much',
  file_in_use: 'An unfinished task needs the file',
  range_not_satisfiable: 'The requested range is outside the file',
  prompt_or_image_required: 'A prompt or a picture is required',
  model_not_found: 'No such model',
  file_not_found: 'No such file',
  parameter_not_supported: 'The model cannot honour a parameter',
  idempotency_key_reused: 'The Idempotency-Key was used for another request',
  too_many_queued_tasks: 'The account has too many unfinished tasks',
  task_not_finished: 'The task has not finished yet',
  task_failed: 'The task failed',
  task_canceled: 'The task was canceled',
  task_expired: 'The task ran out of time',
  task_already_finished: 'The task has already finished',
  format_not_available: 'The task has no result in this format',
  output_rejected: 'The worker delivered something other than it promised',
  service_unavailable: 'A service this needs did not answer in time',
  internal_error: 'Something went wrong on our side',
} as const;

export type ProblemCode = keyof typeof problems;

/** One wrong place in a request: an RFC 6901 pointer and what is wrong there. */
export interface FieldError {
  pointer: string;
  message: string;
}

export interface ProblemDetails {
  errors?: FieldError[];
  /** Further members of the problem document, e.g. the status of the task. */
  members?: Record<string, unknown>;
  /** Seconds after which a retry makes sense. */
  retryAfter?: number;
}

/** A refusal with a code from the table above. Anything else that is thrown is a bug. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    detail?: string,
    readonly details: ProblemDetails = {},
  ) {
    super(detail ?? problems[code]);
  }

  toJSON(): { code: ProblemCode; detail: string; details: ProblemDetails } {
    return { code: this.code, detail: this.message, details: this.details };
  }

  /** The problem another service sent; anything unreadable is an internal error. */
  static fromJSON(wire: unknown): Problem {
    const { code, detail, details } = (wire ?? {}) as Partial<ReturnType<Problem['toJSON']>>;
    if (typeof code !== 'string' || !(code in problems)) return new Problem('internal_error');
    return new Problem(code, detail, details);
  }
}
