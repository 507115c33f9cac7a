import { createHash } from 'node:crypto';

/** How many wrong passwords one counter lets through, and how it slows down. */
export interface Schedule {
  /** So many follow each other without a pause. */
  free: number;
  /** The pause after the last free one. Each further one doubles it, … */
  firstPauseSeconds: number;
  /** … up to this: there is no lock. */
  longestPauseSeconds: number;
  /** One attempt is forgotten each time that this has passed: in the long run no more than one gets through in this time. */
  forgetsOneInSeconds: number;
}

/**
 * Every attempt counts for up to three subjects, and waits for those that apply to it.
 *
 * | subject | free | pauses | in the long run | applies to |
 * | --- | --- | --- | --- | --- |
 * | `pair`: an account in a network | 5 | 2 s … 15 min | 6 an hour | every attempt |
 * | `account`: it in all networks that are unknown to it | 20 | 2 s … 15 min | 6 an hour | attempts from unknown networks |
 * | `network`: all accounts in it | 100 | 1 s … 1 min | 60 an hour | attempts from networks that are unknown to the account |
 *
 * A network is known to an account that has logged in from it. So its owner gets in from there whatever is guessed elsewhere, at this
 * account or from this network at others. One network cannot use up an account's allowance: by the time that a pair is at its slowest it
 * has made 14 attempts, and from then on the account forgets as many as come. 100 free ones in a network are the typing errors of a
 * company behind one address.
 */
export const schedules = {
  pair: { free: 5, firstPauseSeconds: 2, longestPauseSeconds: 900, forgetsOneInSeconds: 600 },
  account: { free: 20, firstPauseSeconds: 2, longestPauseSeconds: 900, forgetsOneInSeconds: 600 },
  network: { free: 100, firstPauseSeconds: 1, longestPauseSeconds: 60, forgetsOneInSeconds: 60 },
} as const satisfies Record<string, Schedule>;

export type SubjectKind = keyof typeof schedules;

/** What is counted of one subject. */
export interface Counter {
  /** `kind:name`. Addresses are hashed: some of them are mistyped, and some are passwords. */
  subject: string;
  attempts: number;
  /** Up to when forgetting is taken into account. */
  countedAt: Date;
  blockedUntil: Date;
}

/** The subjects of an attempt at an address from a network. Whether there is such an account makes no difference. */
export const subjectsOf = (email: string, network: string): Record<SubjectKind, string> => ({
  pair: `pair:${digest(email)}@${network}`,
  account: `account:${digest(email)}`,
  network: `network:${network}`,
});

/** The subjects that an attempt has to wait for. */
export const waitsFor = (fromKnownNetwork: boolean): SubjectKind[] =>
  fromKnownNetwork ? ['pair'] : ['pair', 'account', 'network'];

/** The subjects that an attempt counts for. */
export const countsFor = (fromKnownNetwork: boolean): SubjectKind[] =>
  fromKnownNetwork ? ['pair', 'network'] : ['pair', 'account', 'network'];

export const newCounter = (subject: string, now: Date): Counter => ({
  subject,
  attempts: 0,
  countedAt: now,
  blockedUntil: now,
});

/** Whole seconds until the last of the counters lets an attempt through; 0 when all do. */
export const secondsToWait = (counters: Counter[], now: Date): number =>
  Math.max(0, ...counters.map(({ blockedUntil }) => Math.ceil((blockedUntil.getTime() - now.getTime()) / 1000)));

/** The counter with one attempt more: it blocks from now on, before anybody knows whether the password is right. */
export function counted(counter: Counter, now: Date): Counter {
  const schedule = scheduleOf(counter);
  const { attempts: before, countedAt } = remembered(counter, schedule, now);
  const attempts = before + 1;
  const blockedUntil = new Date(now.getTime() + pauseSeconds(attempts, schedule) * 1000);
  return { ...counter, attempts, countedAt, blockedUntil };
}

/**
 * The counter without an attempt that was none, because the password was right or nobody looked at it. The pause goes with it, unless
 * another attempt has begun a new one since.
 */
export function givenBack(counter: Counter, taken: Counter, now: Date): Counter {
  const sincePaused = counter.blockedUntil.getTime() !== taken.blockedUntil.getTime();
  const attempts = Math.max(0, counter.attempts - 1);
  return { ...counter, attempts, blockedUntil: sincePaused ? counter.blockedUntil : now };
}

/** After this time the longest memory has run out, and the counter may go. */
export const forgottenAfterSeconds = Math.max(
  ...Object.values(schedules).map((schedule) => mostAttempts(schedule) * schedule.forgetsOneInSeconds),
);

/** The pause after that many attempts. */
export function pauseSeconds(attempts: number, { free, firstPauseSeconds, longestPauseSeconds }: Schedule): number {
  if (attempts < free) return 0;
  return Math.min(longestPauseSeconds, firstPauseSeconds * 2 ** (attempts - free));
}

/** More make no difference to the pause, and would only be longer to forget. */
function mostAttempts({ free, firstPauseSeconds, longestPauseSeconds }: Schedule): number {
  return free + Math.ceil(Math.log2(longestPauseSeconds / firstPauseSeconds));
}

function remembered({ attempts, countedAt }: Counter, schedule: Schedule, now: Date) {
  const periodMs = schedule.forgetsOneInSeconds * 1000;
  const forgotten = Math.max(0, Math.floor((now.getTime() - countedAt.getTime()) / periodMs));
  if (forgotten >= attempts) return { attempts: 0, countedAt: now };
  return {
    attempts: Math.min(attempts - forgotten, mostAttempts(schedule) - 1),
    countedAt: new Date(countedAt.getTime() + forgotten * periodMs),
  };
}

const scheduleOf = ({ subject }: Counter): Schedule => schedules[subject.split(':', 1)[0] as SubjectKind];

const digest = (email: string): string => createHash('sha256').update(email.toLowerCase()).digest('base64url');
