import { Problem, type ProblemCode, problems } from '#contracts';
import { problemDocument, problemHeaders, problemOfStatus, statusOf } from './problem-document.js';

const challengeOf = (problem: Problem) => problemHeaders(problem)['www-authenticate'];

describe('a problem document', () => {
  it.each(Object.keys(problems) as ProblemCode[])('of %s has every standard member', (code) => {
    expect(problemDocument(new Problem(code), 'request-1')).toEqual({
      type: `/problems/${code}`,
      title: problems[code],
      status: statusOf[code],
      detail: problems[code],
      code,
      request_id: 'request-1',
    });
  });

  it('names every wrong place', () => {
    const errors = [{ pointer: '/params/seed', message: 'seed must be a whole number' }];
    expect(problemDocument(new Problem('invalid_parameters', undefined, { errors }), '1')).toMatchObject({ errors });
  });

  it('has further members, but none that replaces a standard one', () => {
    const members = { task_status: 'running', status: 200, code: 'other', request_id: 'x' };
    expect(problemDocument(new Problem('task_not_finished', undefined, { members }), '1')).toMatchObject({
      task_status: 'running',
      status: 409,
      code: 'task_not_finished',
      request_id: '1',
    });
  });
});

describe('the headers of a refusal', () => {
  it('say which scope is missing (RFC 6750 §3.1)', () => {
    const members = { required_scope: 'files:read' };
    expect(challengeOf(new Problem('insufficient_scope', 'no', { members }))).toBe(
      'Bearer realm="lathe", error="insufficient_scope", error_description="no", scope="files:read"',
    );
    expect(challengeOf(new Problem('wrong_password'))).toBeUndefined();
  });

  it('say when to come back, rounded up to whole seconds', () => {
    expect(problemHeaders(new Problem('service_unavailable'))).toMatchObject({ 'retry-after': '2' });
    expect(problemHeaders(new Problem('too_many_queued_tasks'))).toMatchObject({ 'retry-after': '10' });
    expect(problemHeaders(new Problem('service_unavailable', '', { retryAfter: 0.2 }))['retry-after']).toBe('1');
    expect(problemHeaders(new Problem('not_found'))).not.toHaveProperty('retry-after');
  });

  it('challenge whoever has no token, and say what is wrong with a bad one', () => {
    expect(challengeOf(new Problem('authentication_required'))).toBe('Bearer realm="lathe"');
    expect(challengeOf(new Problem('invalid_token', 'It is "old"'))).toBe(
      'Bearer realm="lathe", error="invalid_token", error_description="It is old"',
    );
    expect(challengeOf(new Problem('not_found'))).toBeUndefined();
  });

  it('say how long the file is when a range is outside of it', () => {
    const problem = new Problem('range_not_satisfiable', undefined, { members: { size_bytes: 10 } });
    expect(problemHeaders(problem)['content-range']).toBe('bytes */10');
  });
});

describe('what the framework refuses', () => {
  it.each([
    [400, 'malformed_request'],
    [404, 'not_found'],
    [408, 'malformed_request'],
    [413, 'payload_too_large'],
    [414, 'not_found'],
    [415, 'unsupported_media_type'],
    [500, 'internal_error'],
    [503, 'service_unavailable'],
  ])('with %i is %s', (status, code) => {
    expect(problemOfStatus(status).code).toBe(code);
  });

  it('with 500 says nothing about the inside', () => {
    expect(problemOfStatus(500, 'SELECT * FROM secrets').message).toBe(problems.internal_error);
  });
});
