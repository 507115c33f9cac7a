import { onEndRequest } from '../local-stack/end-request.js';
import { runCampaign } from './campaign.js';
import { comeToRest, gather } from './invariants/gather.js';
import { violationsOf, type Violation } from './invariants/invariants.js';
import { Ledger } from './load/ledger.js';
import { type FaultOptions, optionsFrom } from './options.js';
import { Random } from './random.js';
import { rowsOf, tableOf } from './report/table.js';
import { FaultySystem } from './system/faulty-system.js';

const begunAt = Date.now();
const log = (line: string): void => console.log(`${((Date.now() - begunAt) / 1000).toFixed(1).padStart(6)}  ${line}`);

/** Resolves to whether the system withstood it all. */
async function main(): Promise<boolean> {
  const options = optionsFrom(process.argv.slice(2));
  log(`seed ${options.seed}: ${options.faults.length} kinds of fault, at least ${options.tasks} tasks`);
  const system = await FaultySystem.start();
  onEndRequest((reason) => {
    log(`ended by ${reason}`);
    void system.stop().finally(() => process.exit(1));
  });
  log(`the system runs; its logs are in ${system.stack.dataDir}/log`);
  try {
    const violations = await tryOut(system, options);
    if (violations.length > 0 && options.keep) await new Promise(() => setInterval(() => undefined, 60_000));
    return violations.length === 0;
  } finally {
    await system.stop();
  }
}

async function tryOut(system: FaultySystem, options: FaultOptions): Promise<Violation[]> {
  const ledger = new Ledger();
  const random = new Random(options.seed);
  const episodes = await runCampaign({ ...options, system, ledger, random, log });
  await comeToRest(system, 60_000);
  log('at rest; looking at everything');
  const evidence = await gather(system, ledger, episodes);
  const violations = violationsOf(evidence);
  console.log(`\n${tableOf(rowsOf(evidence))}\n`);
  for (const { invariant, what } of violations.slice(0, 100)) console.log(`VIOLATED ${invariant}: ${what}`);
  console.log(`${violations.length} violations (seed ${options.seed})`);
  return violations;
}

main().then(
  (withstood) => process.exit(withstood ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
