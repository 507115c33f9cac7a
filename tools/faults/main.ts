import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { onEndRequest } from '../local-stack/end-request.js';
import { projectRoot } from '../local-stack/state/folders.js';
import { type Episode, runCampaign } from './campaign.js';
import { comeToRest, gather } from './invariants/gather.js';
import { violationsOf } from './invariants/invariants.js';
import { ApiUser } from './load/api-user.js';
import { Customer } from './load/customer.js';
import { Ledger } from './load/ledger.js';
import { type FaultOptions, optionsFrom } from './options.js';
import { Random } from './random.js';
import { rowsOf, tableOf } from './report/table.js';
import type { Scenario } from './scenarios/scenario.js';
import { FaultySystem } from './system/faulty-system.js';

const begunAt = Date.now();
const log = (line: string): void => console.log(`${((Date.now() - begunAt) / 1000).toFixed(1).padStart(6)}  ${line}`);

/** Resolves to whether the system withstood it all. */
async function main(): Promise<boolean> {
  const options = optionsFrom(process.argv.slice(2));
  const { scenarios, isBroken, keep, replicas } = options;
  const ending = new AbortController();
  onEndRequest((reason) => {
    log(`ended by ${reason}`);
    ending.abort();
  });
  const system = await FaultySystem.start(isBroken ? withoutGuards(scenarios) : {}, ending.signal, replicas);
  ending.signal.addEventListener('abort', () => void system.stop().finally(() => process.exit(1)));
  log(`the system runs; its logs are in ${system.stack.dataDir}/log`);
  try {
    const ledger = new Ledger();
    const work = scenarios.length > 0 ? play : tryOut;
    const episodes = await work(options, system, ledger);
    const violations = await judge(system, ledger, episodes);
    if (violations > 0 && keep) await new Promise(() => setInterval(() => undefined, 60_000));
    return violations === 0;
  } finally {
    await system.stop();
  }
}

async function tryOut(options: FaultOptions, system: FaultySystem, ledger: Ledger): Promise<Episode[]> {
  const { seed, faults, tasks } = options;
  log(`seed ${seed}: ${faults.length} kinds of fault, at least ${tasks} tasks`);
  const episodes = await runCampaign({ ...options, system, ledger, random: new Random(seed), log });
  await comeToRest(system, 90_000);
  return episodes;
}

async function play({ scenarios, isBroken }: FaultOptions, system: FaultySystem, ledger: Ledger): Promise<Episode[]> {
  const customer = new Customer(await ApiUser.register(system.url, ledger), ledger, new Random(1));
  for (const scenario of scenarios) {
    log(`what needs ${scenario.guard}`);
    await scenario.play({ system, ledger, customer }).catch((error: Error) => {
      ledger.surprises.push(`the story of ${scenario.guard} could not be told: ${error.message}`);
    });
  }
  await comeToRest(system, isBroken ? 12_000 : 90_000); // a broken one may never come to rest
  return [];
}

/** Looks at everything, prints what was found, and resolves to how much of it is wrong. */
async function judge(system: FaultySystem, ledger: Ledger, episodes: readonly Episode[]): Promise<number> {
  log('at rest; looking at everything');
  const evidence = await gather(system, ledger, episodes);
  const violations = violationsOf(evidence);
  console.log(`\n${tableOf(rowsOf(evidence))}\n`);
  for (const { invariant, what } of violations.slice(0, 100)) console.log(`VIOLATED ${invariant}: ${what}`);
  console.log(`${violations.length} violations`);
  return violations.length;
}

/** Has every service load the modules that take the guards away. */
function withoutGuards(scenarios: readonly Scenario[]): NodeJS.ProcessEnv {
  const imports = scenarios.map(({ breaker }) => {
    const file = path.join(projectRoot(), 'dist', 'tools', 'faults', 'broken', `${breaker}.js`);
    return `--import=${pathToFileURL(file).href}`;
  });
  return { NODE_OPTIONS: imports.join(' ') };
}

main().then(
  (withstood) => process.exit(withstood ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
