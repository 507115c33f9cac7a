import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Client, Problem } from '#contracts';
import { databaseTime } from '#persistence';
import { networkOf } from '#runtime';
import { AttemptCountersRepository } from './attempt-counters.repository.js';
import { KnownNetworksRepository } from './known-networks.repository.js';
import {
  type Counter,
  counted,
  countsFor,
  forgottenAfterSeconds,
  givenBack,
  newCounter,
  secondsToWait,
  subjectsOf,
  waitsFor,
} from './throttle.js';

/** An attempt that was let through, and what it was counted for. */
export interface Attempt {
  network: string;
  /** The subject of the account in this network. */
  pair: string;
  taken: Counter[];
}

const sweepAtOnce = 10_000;

/** Of IPv4 a /24: one customer has often more than one address of it, and can guess from each. */
const homeOf = (address: string): string => networkOf(address, 24);

/** The name of an account in the network of a client. */
export const pairOf = (email: string, { address }: Client): string => subjectsOf(email, homeOf(address)).pair;

/** Asked for where there is no account, so that the questions are the same. */
const nobody = '00000000-0000-0000-0000-000000000000';

/** Counts wrong passwords, and slows down those who bring them. */
@Injectable()
export class AttemptsService {
  constructor(
    private readonly database: DataSource,
    private readonly counters: AttemptCountersRepository,
    private readonly networks: KnownNetworksRepository,
  ) {}

  /**
   * Counts an attempt before its password is looked at, so that any number of attempts side by side get no more tries than one after the
   * other. Throws `too_many_attempts` when it comes too early, and that costs the caller nothing more.
   */
  async begin(email: string, accountId: string | undefined, { address }: Client): Promise<Attempt> {
    const network = homeOf(address);
    const known = await this.networks.has(accountId ?? nobody, network);
    const subjects = subjectsOf(email, network);
    const waiting = new Set(waitsFor(known).map((kind) => subjects[kind]));
    refuseIfBlocked(await this.counters.find([...waiting]), await databaseTime(this.database.manager));
    const counting = countsFor(known).map((kind) => subjects[kind]);
    const taken = await this.database.transaction(async (tx) => {
      const locked = await this.counters.lock(tx, counting, await databaseTime(tx));
      const now = await databaseTime(tx); // the locks may have taken a while
      refuseIfBlocked(
        locked.filter(({ subject }) => waiting.has(subject)),
        now,
      );
      const next = locked.map((counter) => counted(counter, now));
      await this.counters.save(tx, next);
      return next;
    });
    return { network, pair: subjects.pair, taken };
  }

  /**
   * The password was right: the account is at home in this network, and what was counted for it there is forgotten. Of the others only this
   * attempt is taken back: a right password of one's own is no excuse for guessing at others.
   */
  async succeeded(attempt: Attempt, accountId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.giveBack(tx, attempt, attempt.pair);
      await this.networks.note(tx, accountId, attempt.network);
    });
  }

  /** Nobody looked at the password. */
  async withdraw(attempt: Attempt): Promise<void> {
    await this.database.transaction((tx) => this.giveBack(tx, attempt));
  }

  /** The account begins its life in this network. */
  async recognise(tx: EntityManager, accountId: string, { address }: Client): Promise<void> {
    await this.networks.note(tx, accountId, homeOf(address));
  }

  /** Forgets counters that say nothing any more, and networks that accounts have left. Several replicas may do so at once. */
  async sweep(): Promise<void> {
    while ((await this.counters.sweep(forgottenAfterSeconds, sweepAtOnce)) === sweepAtOnce);
    await this.networks.sweep();
  }

  private async giveBack(tx: EntityManager, { taken }: Attempt, forgiven?: string): Promise<void> {
    const own = new Map(taken.map((counter) => [counter.subject, counter]));
    const locked = await this.counters.lock(tx, [...own.keys()], await databaseTime(tx));
    const now = await databaseTime(tx);
    const after = (counter: Counter): Counter =>
      counter.subject === forgiven
        ? newCounter(counter.subject, now)
        : givenBack(counter, own.get(counter.subject)!, now);
    await this.counters.save(tx, locked.map(after));
  }
}

function refuseIfBlocked(counters: Counter[], now: Date): void {
  const retryAfter = secondsToWait(counters, now);
  if (retryAfter > 0) throw new Problem('too_many_attempts', undefined, { retryAfter });
}
