import { parseArgs } from 'node:util';
import { SetupProblem } from '../local-stack/setup-problem.js';

export const usage = `npm run demo -- [--engine reference|celery] [--broker rabbitmq|redis]

  --engine  reference: the engine that comes with Lathe; celery: a Celery worker in Python, with an engine that turns vases
  --broker  celery: through which broker jobs reach it`;

const choices = { engine: ['reference', 'celery'], broker: ['rabbitmq', 'redis'] } as const;

export interface DemoOptions {
  engine: (typeof choices.engine)[number];
  broker: (typeof choices.broker)[number];
}

/** Throws a SetupProblem with the usage when an option is not understood. */
export function optionsFrom(args: string[]): DemoOptions {
  const { engine, broker } = parsed(args);
  if (broker !== undefined && engine !== 'celery') throw new SetupProblem(`--broker is for --engine celery.\n${usage}`);
  return { engine: chosen('engine', engine), broker: chosen('broker', broker) };
}

function parsed(args: string[]): { engine?: string | undefined; broker?: string | undefined } {
  try {
    return parseArgs({ args, options: { engine: { type: 'string' }, broker: { type: 'string' } } }).values;
  } catch (error) {
    throw new SetupProblem(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

/** The first choice unless told. */
function chosen<Name extends keyof DemoOptions>(name: Name, value: string | undefined): DemoOptions[Name] {
  const known: readonly string[] = choices[name];
  if (value !== undefined && !known.includes(value)) {
    throw new SetupProblem(`--${name} must be ${known.join(' or ')}; it is "${value}".\n${usage}`);
  }
  return (value ?? known[0]) as DemoOptions[Name];
}
