import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './faults/fault.js';
import { Customer } from './load/customer.js';
import { ApiUser } from './load/api-user.js';
import type { Ledger } from './load/ledger.js';
import { Load } from './load/load.js';
import { tinyTask } from './load/requests.js';
import type { Random } from './random.js';
import type { FaultySystem } from './system/faulty-system.js';

/** One time that something went wrong. Times are milliseconds since the epoch. */
export interface Episode {
  fault: string;
  injectedAt: number;
  healedAt: number;
  /** When a task that was ordered after the healing had succeeded; undefined when it did not within five minutes. */
  recoveredAt: number | undefined;
}

export interface Campaign {
  system: FaultySystem;
  ledger: Ledger;
  random: Random;
  /** Each is injected at least once. */
  faults: readonly Fault[];
  /** At least so many are accepted. */
  tasks: number;
  customers: number;
  /** More than one of each service, of which one is always there: even uploads, which cannot be begun again, always succeed. */
  replicas: number;
  log: (line: string) => void;
}

/** Lets customers order while one fault after the other is injected, until every fault has been and enough tasks are accepted. */
export async function runCampaign(campaign: Campaign): Promise<Episode[]> {
  const { system, ledger, random, faults, tasks, customers, replicas, log } = campaign;
  const prober = new Customer(await ApiUser.register(system.url, ledger), ledger, random);
  const load = new Load(system.url, ledger, random);
  await load.start(customers, Infinity);
  if (replicas > 1) load.keepUploading();
  const episodes: Episode[] = [];
  const probe = () => firstSuccess(prober);
  log(`calm: a task takes ${await probe()} ms`);
  for (let round = 1; round === 1 || ledger.accepted.length < tasks; round++) {
    for (const fault of random.shuffled(faults)) {
      await delay(random.between(200, 1500));
      const episode = await inject(fault, campaign, probe);
      episodes.push(episode);
      log(inWords(episode, ledger.accepted.length));
      if (round > 1 && ledger.accepted.length >= tasks) break;
    }
  }
  log('no more orders');
  await load.stop();
  return episodes;
}

async function inject(fault: Fault, { system, random }: Campaign, probe: () => Promise<number>): Promise<Episode> {
  const injectedAt = Date.now();
  await fault.inject(system, random);
  await delay(random.between(...fault.lasts));
  await fault.heal(system);
  const healedAt = Date.now();
  const tookMs = await probe();
  return { fault: fault.name, injectedAt, healedAt, recoveredAt: Number.isFinite(tookMs) ? Date.now() : undefined };
}

/** Milliseconds until an order has succeeded; Infinity when none did within five minutes. */
async function firstSuccess(prober: Customer): Promise<number> {
  const begun = Date.now();
  const order = await Promise.race([prober.order('watch', tinyTask), delay(300_000)]);
  return order?.seen === 'succeeded' ? Date.now() - begun : Infinity;
}

function inWords({ fault, injectedAt, healedAt, recoveredAt }: Episode, accepted: number): string {
  const recovery = recoveredAt === undefined ? 'NOT RECOVERED' : `recovered ${recoveredAt - healedAt} ms after it`;
  return `${fault}: ${healedAt - injectedAt} ms, ${recovery}; ${accepted} tasks so far`;
}
