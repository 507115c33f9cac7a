import { EngineFailure } from '../generations/attempt-failure.js';

/** What a server said, whatever its status below 500. */
export interface EngineAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Undefined when it is not JSON. */
  body: unknown;
  /** The call and the beginning of the answer, for the log alone. */
  excerpt: string;
}

/** An id that can be part of a path as it is, or undefined. */
export const idOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/.test(value) ? value : undefined;

/** For an answer that the engine's contract does not have: what speaks there is not that engine, or in no state to work. */
export const unexpected = ({ excerpt }: Pick<EngineAnswer, 'excerpt'>): EngineFailure =>
  new EngineFailure('engine_unavailable', `unexpected answer: ${excerpt}`);
