import type { ServerSettings } from '../catalogue/catalogue-model.js';
import type { Job } from '#worker-contract';

/** Knows how to drive one kind of server. Servers are not trusted: what they say is checked, and none of their words is shown. */
export interface EngineAdapter {
  /** Whether the server takes jobs now; false, never a rejection, when it cannot be reached. */
  isReady(signal: AbortSignal): Promise<boolean>;
  /**
   * Drives one job to its GLB, or goes on with the one that `run.remote` names. Rejects with an EngineFailure when that is not to be
   * had, and soon, with anything, when `run.signal` aborts.
   */
  run(run: EngineRun): Promise<EngineOutput>;
  /** Asks the server to stop what `remote` names, as far as it can. */
  stop(remote: unknown, signal: AbortSignal): Promise<void>;
}

/** Throws an Error that names the wrong setting. */
export type EngineAdapterFactory = (server: ServerSettings) => EngineAdapter;

/** One job on its way through a server. */
export interface EngineRun {
  /** Its `params` have the engine's names. */
  job: Job;
  /** What was remembered of this attempt before the bridge was restarted; null at the beginning. */
  remote: unknown;
  /** Aborts when the attempt is canceled or overdue, or the bridge ends. */
  signal: AbortSignal;
  /** The bytes of an input of the job, with the size and hash that it promises. Throws `input_unavailable`. */
  read(input: Job['inputs'][number]): Promise<Uint8Array>;
  /** Keeps what is needed to go on after a restart, or to stop it. To be called as soon as the server has the job. */
  remember(remote: unknown): Promise<void>;
  /**
   * The server was heard of: the job is in this stage, of which `fraction` (0 to 1) is done. To be called with every answer of the
   * server, every few seconds, as the lease of the attempt hangs on it.
   */
  report(stage: string, fraction?: number): Promise<void>;
}

/** The model as the server gave it: GLB, not looked at yet. */
export interface EngineOutput {
  glb: AsyncIterable<Uint8Array>;
}
