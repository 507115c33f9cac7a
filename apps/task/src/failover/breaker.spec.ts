import { now } from '../../test/a-task.js';
import { afterFailure, type Breaker, isOfTheEngine, isResting, slotsAllowed } from './breaker.js';

const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const trusted: Breaker = { failures: 0, restsUntil: null };

/** So many failures, each when the rest after the one before is over. */
function failing(times: number): { rests: number[]; breaker: Breaker; at: Date } {
  const rests: number[] = [];
  let [breaker, at] = [trusted, now];
  for (let time = 0; time < times; time++) {
    breaker = afterFailure(breaker, 3, at);
    if (breaker.restsUntil) rests.push((breaker.restsUntil.getTime() - at.getTime()) / 1000);
    at = breaker.restsUntil ?? at;
  }
  return { rests, breaker, at };
}

describe('a model whose engine fails', () => {
  it('rests after the third failure in a row, and twice as long after each further one, five minutes at most', () => {
    expect(failing(8).rests).toEqual([30, 60, 120, 240, 300, 300]);
    expect(failing(2).breaker).toEqual({ failures: 2, restsUntil: null });
    expect(failing(2000).rests.at(-1)).toBe(300);
  });

  it('rests no longer because of what it had been given before', () => {
    const { breaker } = failing(3);
    expect(isResting(breaker, now)).toBe(true);
    expect(afterFailure(breaker, 3, later(29))).toBe(breaker);
    expect(isResting(breaker, later(30))).toBe(false);
  });

  it('is given one task at a time after its rest', () => {
    expect(slotsAllowed({ ...trusted, slots: 4 })).toBe(4);
    expect(slotsAllowed({ ...failing(3).breaker, slots: 4 })).toBe(1);
    expect(slotsAllowed({ ...failing(3).breaker, slots: 0 })).toBe(0);
  });

  it.each([
    ['worker_lost', true],
    ['worker_stalled', true],
    ['worker_timeout', true],
    ['engine_unavailable', true],
    ['model_error', true],
    ['out_of_memory', true],
    ['output_rejected', true],
    ['internal', true],
    ['shutdown', false],
    ['bad_input', false],
    ['unsupported', false],
    ['content_rejected', false],
    ['input_unavailable', false],
    ['deadline_exceeded', false],
  ])('%s is its fault: %s', (code, itsFault) => {
    expect(isOfTheEngine(code)).toBe(itsFault);
  });
});
