import type { Step } from './steps.js';

/** What a step cost. */
export interface Measurement {
  name: string;
  /** Median of the runs, in milliseconds */
  milliseconds: number;
  /** Median of the time its threads were at work, in milliseconds: less than the time on a machine that has others to serve. */
  cpu: number;
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
  const work: number[] = [];
  for (let run = 0; run < first + measured; run++) {
    const go = await step.prepare(glb);
    const before = process.cpuUsage();
    const start = performance.now();
    await go();
    const milliseconds = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    if (run < first) continue;
    times.push(milliseconds);
    work.push((user + system) / 1_000);
  }
  return {
    name: step.name,
    milliseconds: median(times),
    cpu: median(work),
    peakMemory: process.resourceUsage().maxRSS / 1024,
  };
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
