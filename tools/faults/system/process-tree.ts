import { readFileSync } from 'node:fs';

/**
 * A process and all that it has started, its own first. On Linux only; elsewhere just the process.
 * /proc/<pid>/task/<tid>/children, see proc_pid_task(5).
 */
export function processTree(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(processTree)];
}

export function childrenOf(pid: number): number[] {
  try {
    return numbers(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
  } catch {
    return [];
  }
}

/** Sends a signal to a process and all that it has started; those that end meanwhile are fine. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  for (const one of processTree(pid)) {
    try {
      process.kill(one, signal);
    } catch {
      // it ended by itself in this moment
    }
  }
}

/** Milliseconds of processor time that a process has used; undefined when it is gone. Ticks are 10 ms, see proc_pid_stat(5). */
export function processorTimeOf(pid: number): number | undefined {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return (Number(afterName[11]) + Number(afterName[12])) * 10;
  } catch {
    return undefined;
  }
}

const numbers = (text: string): number[] => text.split(' ').filter(Boolean).map(Number);
