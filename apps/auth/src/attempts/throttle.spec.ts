import {
  type Counter,
  counted,
  countsFor,
  forgottenAfterSeconds,
  givenBack,
  newCounter,
  pauseSeconds,
  schedules,
  secondsToWait,
  subjectsOf,
  type SubjectKind,
  waitsFor,
} from './throttle.js';

const start = new Date('2026-11-23T08:00:00.000Z');
const after = (seconds: number): Date => new Date(start.getTime() + seconds * 1000);
const kinds = Object.keys(schedules) as SubjectKind[];
const subject = subjectsOf('ada@example.org', '203.0.113.0/24');

/** Somebody who tries again as soon as it is allowed, for that long: the moments of the attempts, in seconds. */
function attemptsWithin(seconds: number, kind: SubjectKind): number[] {
  let counter = newCounter(subject[kind], start);
  const moments: number[] = [];
  for (let at = 0; at <= seconds; at += secondsToWait([counter], after(at))) {
    counter = counted(counter, after(at));
    moments.push(at);
    if (moments.length > 10_000) throw new Error('no pause at all');
  }
  return moments;
}

describe('wrong passwords', () => {
  it.each([
    [1, 0],
    [4, 0],
    [5, 2],
    [6, 4],
    [13, 512],
    [14, 900],
    [1000, 900],
  ])('number %d for one account in one network is followed by a pause of %d s', (attempts, pause) => {
    expect(pauseSeconds(attempts, schedules.pair)).toBe(pause);
  });

  it.each([
    ['pair', 5],
    ['account', 20],
    ['network', 100],
  ] as const)('of one %s are tried %d times in a burst of a thousand', (kind, free) => {
    expect(attemptsWithin(0.9, kind)).toHaveLength(free);
  });

  it.each([
    ['pair', 5, 6],
    ['account', 20, 6],
    ['network', 100, 60],
  ] as const)('of one %s become rare: from the second hour on, what is forgotten', (kind, _, perHour) => {
    const hours = 48;
    const late = attemptsWithin(hours * 3600, kind).filter((moment) => moment > 3600 * 4);
    expect(late.length / (hours - 4)).toBeLessThanOrEqual(perHour + 0.5);
    expect(late.length / (hours - 4)).toBeGreaterThan(perHour * 0.6);
  });

  it('from one network never slow an account down elsewhere', () => {
    let account = newCounter(subject.account, start);
    for (const moment of attemptsWithin(7 * 86_400, 'pair')) {
      expect(secondsToWait([account], after(moment))).toBe(0);
      account = counted(account, after(moment));
    }
  });

  it('are forgotten one by one', () => {
    let pair = newCounter(subject.pair, start);
    for (let attempt = 0; attempt < 4; attempt++) pair = counted(pair, start);
    expect(counted(pair, after(599)).attempts).toBe(5);
    expect(counted(pair, after(600)).attempts).toBe(4);
    expect(counted(pair, after(1799)).attempts).toBe(3);
    expect(counted(pair, after(86_400)).attempts).toBe(1);
  });

  it.each(kinds)('of a %s are forgotten when its counter goes', (kind) => {
    const last = attemptsWithin(86_400, kind);
    let counter = newCounter(subject[kind], start);
    for (const moment of last) counter = counted(counter, after(moment));
    expect(counted(counter, after(last.at(-1)! + forgottenAfterSeconds)).attempts).toBe(1);
  });
});

describe('an attempt', () => {
  const four = (): Counter => ({ ...newCounter(subject.pair, start), attempts: 4 });

  it('blocks those beside it before its password was looked at', () => {
    expect(secondsToWait([counted(four(), start)], start)).toBe(2);
  });

  it('that succeeds takes its pause with it', () => {
    const taken = counted(four(), start);
    expect(givenBack(taken, taken, after(1))).toMatchObject({ attempts: 4, blockedUntil: after(1) });
  });

  it('that succeeds leaves the pause of another one', () => {
    const own = counted({ ...four(), attempts: 3 }, start);
    const wrong = counted(own, start);
    expect(secondsToWait([givenBack(wrong, own, start)], start)).toBe(2);
  });

  it('never counts below zero', () => {
    const taken = counted(newCounter(subject.pair, start), start);
    expect(givenBack({ ...taken, attempts: 0 }, taken, start).attempts).toBe(0);
  });

  it('from a network that is known to the account waits for that pair alone, and counts for the network', () => {
    expect(waitsFor(true)).toEqual(['pair']);
    expect(countsFor(true)).toEqual(['pair', 'network']);
    expect(waitsFor(false)).toEqual(kinds);
    expect(countsFor(false)).toEqual(kinds);
  });

  it('waits for the slowest of its counters, in whole seconds', () => {
    const blocked = (ms: number) => ({ ...four(), blockedUntil: new Date(start.getTime() + ms) });
    expect(secondsToWait([blocked(-5), blocked(1), blocked(1200)], start)).toBe(2);
    expect(secondsToWait([], start)).toBe(0);
  });

  it('counts the same however the address is written, and shows none', () => {
    expect(subjectsOf('Ada@Example.org', '203.0.113.0/24')).toEqual(subject);
    expect(JSON.stringify(subject)).not.toContain('ada');
  });
});
