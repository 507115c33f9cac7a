import { parseArgs } from 'node:util';
import { type Source, sources } from './models.js';
import { type Step, steps } from './steps.js';

export interface BenchOptions {
  steps: readonly Step[];
  source: Source;
  runs: number;
  json: boolean;
}

export const usage = `npm run bench:mesh -- [--only WORD[,WORD…]] [--runs N] [--model big|small] [--json]

  --only   steps whose names contain one of the words, e.g. "FBX,preview"
  --runs   measured runs after one to warm up, of which the middle counts: 5
  --model  big: 200,704 triangles, what the targets are about; small: 3,968
  --json   for machines`;

/** Throws an Error with the usage when an option is not understood. */
export function optionsFrom(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      runs: { type: 'string', default: '5' },
      model: { type: 'string', default: 'big' },
      json: { type: 'boolean', default: false },
    },
  });
  const words = values.only?.toLowerCase().split(',');
  const wanted = steps.filter(({ name }) => !words || words.some((word) => name.toLowerCase().includes(word)));
  const runs = Number(values.runs);
  if (wanted.length === 0 || !(values.model in sources) || !Number.isInteger(runs) || runs < 1) throw new Error(usage);
  return { steps: wanted, source: values.model as Source, runs, json: values.json };
}
