import type { Step } from './steps.js';

/** What a step cost. */
export interface Measurement {
  name: string;
  /** Median of the runs, in milliseconds */
  milliseconds: number;
  /** The most the process ever had in memory, in MiB: Node, its libraries and the model included. */
  peakMemory: number;
}

/** How often a step is run. */
export interface Runs {
  /** Not measured: the compiler warms up. */
  first: number;
  measured: number;
}

/** Runs a step in this process. */
export async function measure(step: Step, glb: Uint8Array, { first, measured }: Runs): Promise<Measurement> {
  const times: number[] = [];
  for (let run = 0; run < first + measured; run++) {
    const work = await step.prepare(glb);
    const start = performance.now();
    await work();
    if (run >= first) times.push(performance.now() - start);
  }
  return {
    name: step.name,
    milliseconds: median(times),
    peakMemory: process.resourceUsage().maxRSS / 1024,
  };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
