import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { allFaults, faultsNamed, fewFaults } from './faults/catalogue.js';
import type { Fault } from './faults/fault.js';
import { fewRollingFaults, replicas, rollingFaults } from './faults/rolling-faults.js';
import { scenarioOf } from './scenarios/catalogue.js';
import type { Scenario } from './scenarios/scenario.js';

export interface FaultOptions {
  seed: number;
  /** At least so many tasks are accepted. */
  tasks: number;
  faults: readonly Fault[];
  customers: number;
  /** How many processes there are of each service. */
  replicas: number;
  /** Whether a system in which something was wrong goes on running, to be looked at, until the program is asked to end. */
  keep: boolean;
  /** Played instead of everything else, if any. */
  scenarios: readonly Scenario[];
  /** Whether the guards that the scenarios are about are taken away. */
  isBroken: boolean;
}

export const usage = `npm run test:faults -- [--short] [--rolling] [--seed N] [--tasks N] [--customers N] [--only WORD[,WORD…]] [--keep]

  --short      fifteen kinds of fault and few tasks, in about two minutes
  --rolling    two of each service behind a balancer, which are restarted in turn as an update does it; nobody may notice
  --seed       the order of the faults and what customers want; printed by every run
  --tasks      how many tasks have to be accepted: 500, with --short 40, with --rolling 100, with both 10
  --customers  how many order at the same time: 10
  --only       faults whose names contain one of the words, e.g. "kill,half-open database"
  --keep       let the system run when something was wrong, until Ctrl-C
  --guard      only the scenarios that need these guards: fencing, inbox, ack-after-commit
  --broken     … and take the guards away: the suite has to notice`;

const usual = { few: fewFaults, all: allFaults, tasks: { few: '40', all: '500' } };
const rolling = { few: fewRollingFaults, all: rollingFaults, tasks: { few: '10', all: '100' } };

/** Throws an Error with the usage when an option is not understood. */
export function optionsFrom(args: string[]): FaultOptions {
  const { values } = parseArgs({
    args,
    options: {
      short: { type: 'boolean', default: false },
      rolling: { type: 'boolean', default: false },
      seed: { type: 'string', default: String(randomInt(1_000_000)) },
      tasks: { type: 'string' },
      customers: { type: 'string', default: '10' },
      only: { type: 'string' },
      keep: { type: 'boolean', default: false },
      guard: { type: 'string' },
      broken: { type: 'boolean', default: false },
    },
  });
  const { few, all, tasks } = values.rolling ? rolling : usual;
  return {
    seed: wholeNumber('seed', values.seed),
    tasks: wholeNumber('tasks', values.tasks ?? tasks[values.short ? 'few' : 'all']),
    faults: values.only ? faultsNamed(values.only.split(','), all) : values.short ? few : all,
    customers: wholeNumber('customers', values.customers),
    replicas: values.rolling ? replicas : 1,
    keep: values.keep,
    scenarios: values.guard ? values.guard.split(',').map(scenarioOf) : [],
    isBroken: values.broken,
  };
}

function wholeNumber(name: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new Error(`--${name} must be a whole number; it is "${value}".\n${usage}`);
}
