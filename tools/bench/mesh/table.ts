import type { Measurement } from './measure.js';
import { memoryTarget, type Step } from './steps.js';

/** A measurement beside what was promised. */
export interface Verdict extends Measurement {
  /** Milliseconds; `null` where nothing is promised */
  target: number | null;
  /** MiB */
  memory_target: number;
  kept: boolean;
}

export const verdictOf = ({ target }: Step, measured: Measurement): Verdict => ({
  ...measured,
  target,
  memory_target: memoryTarget,
  kept: measured.milliseconds <= (target ?? Infinity) && measured.peakMemory <= memoryTarget,
});

const widths = [24, 10, 10, 10, 10, 10];

/** The verdicts as lines of text. */
export function tableOf(verdicts: Verdict[]): string {
  const rows = verdicts.map(({ name, milliseconds, target, cpu, peakMemory, memory_target: memory, kept }) => [
    name,
    seconds(milliseconds),
    target === null ? '' : `≤ ${seconds(target)}`,
    seconds(cpu),
    `${peakMemory.toFixed(0)} MiB`,
    `≤ ${memory} MiB`,
    kept ? '✓' : '✗',
  ]);
  return [['', 'time', 'target', 'cpu', 'memory', 'target', ''], ...rows].map(lineOf).join('\n');
}

const lineOf = (cells: string[]): string =>
  cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column] ?? 3))).join('');

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(2)} s`;
