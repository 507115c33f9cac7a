import type { Episode } from '../campaign.js';
import { isRolling } from '../faults/rolling-faults.js';
import type { BadAnswer } from '../load/ledger.js';
import type { Evidence } from './evidence.js';

/** After a task has succeeded again, the last of those who were refused may still be on their way. */
const afterwardsMs = 3000;

/**
 * A 5xx or a broken connection may only meet a fault, a broken connection only one of the gateway; and a 5xx is a problem document
 * that says when to come back. A rolling restart is met by none of these.
 */
export const refusalsAreExplained = ({ ledger, episodes }: Evidence): string[] =>
  ledger.badAnswers.flatMap((answer) => faultOf(answer, episodes));

function faultOf(answer: BadAnswer, episodes: readonly Episode[]): string[] {
  const { method, path, status, contentType, retryAfter, at, said } = answer;
  const during = episodes.filter((episode) => overlaps(answer, episode)).map(({ fault }) => fault);
  const what = `${method} ${path} at ${new Date(at).toISOString()}, during ${during.join(', ') || 'nothing'}: ${status} ${said}`;
  if (during.length === 0) return [`without a fault: ${what}`];
  if (during.every(isRolling)) return [`somebody noticed: ${what}`];
  if (status === 0) return during.some((fault) => fault.endsWith('gateway')) ? [] : [`no answer: ${what}`];
  if (!contentType?.startsWith('application/problem+json')) return [`no problem document: ${what}`];
  return retryAfter === null ? [`no Retry-After: ${what}`] : [];
}

/** Whether the client may have been answered so because of the fault. */
export const overlaps = ({ at, tookMs }: BadAnswer, { injectedAt, recoveredAt = Infinity }: Episode): boolean =>
  at < recoveredAt + afterwardsMs && at + tookMs > injectedAt;
