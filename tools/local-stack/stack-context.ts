import type { Children } from './processes/children.js';
import type { SupervisedOptions } from './processes/supervised.js';
import type { StackState } from './state/stack-state.js';

/** What every part of one stack needs to know. */
export interface StackContext {
  dataDir: string;
  state: StackState;
  children: Children;
  /** For tests: nothing has to survive, so durability is off and the end is a kill. */
  throwaway: boolean;
  /** One line for the person at the terminal. */
  log: (line: string) => void;
}

/** How a server of the stack is kept running: throw-away ones are neither started again nor asked to end in order. */
export const supervision = (
  context: StackContext,
  startTimeoutMs: number,
): Pick<SupervisedOptions, 'startTimeoutMs' | 'stopGraceMs' | 'stopSignal' | 'restarts' | 'report'> => ({
  startTimeoutMs,
  stopGraceMs: 15_000,
  stopSignal: context.throwaway ? 'SIGKILL' : undefined,
  restarts: !context.throwaway,
  report: context.log,
});
