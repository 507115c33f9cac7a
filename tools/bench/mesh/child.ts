import { measure } from './measure.js';
import { readModel, type Source, writeModels } from './models.js';
import { steps } from './steps.js';

/**
 * One process of the benchmark, whose memory nothing else has used. Arguments: the folder of the models, then either
 * `make` and which model, or the name of a step and how many runs. Prints the measurement as JSON.
 */
async function main([folder, task, detail]: string[]): Promise<void> {
  if (task === 'make') return writeModels(detail as Source, folder!);
  const step = steps.find(({ name }) => name === task);
  if (!step) throw new Error(`There is no step ${task}`);
  const runs = { first: 1, measured: Number(detail) };
  console.log(JSON.stringify(await measure(step, await readModel(folder!, step.packing), runs)));
}

await main(process.argv.slice(2));
