import type { FreshBroker } from '#testing';
import type { MlBridgeConfig } from '../../apps/ml-bridge/src/ml-bridge.config.js';
import type { SetName } from '../debian/sets.js';
import type { Child } from '../local-stack/processes/child.js';
import type { Attempts } from './attempts.js';
import type { BridgeUnderTest } from './bridge-under-test.js';
import type { WorkerCommand, Workers } from './workers.js';

/** What is particular to one way to the workers. */
export interface TransportUnderTest {
  name: string;
  needs: SetName[];
  /** Starts what it needs besides RabbitMQ, and stops it. */
  start?(): Promise<void>;
  stop?(): Promise<void>;
  settings?(): Partial<MlBridgeConfig>;
  /** How models.yaml says it. */
  transport(workersBroker: FreshBroker): object;
  worker(bridge: BridgeUnderTest): WorkerCommand;
  /** How much later than it should be a job is begun still, since the clock of a worker may be wrong; none unless told. */
  clockToleranceSeconds?: number;
  /** Whether SIGTERM lets a worker end its job, as Celery has it; otherwise it gives the job back. */
  finishesAtSigterm?: boolean;
  /** Ends every connection to the broker, as its restart would; undefined where there is no broker. */
  breakConnections?: (bridge: BridgeUnderTest) => Promise<void>;
  /** Puts something in the workers' way that is no job; undefined where only the bridge can. */
  poison?: (bridge: BridgeUnderTest) => Promise<void>;
  /** Tests of what no other transport has. */
  also?: (suite: Suite) => void;
}

/** What the tests of the list work with. */
export interface Suite {
  transport: TransportUnderTest;
  bridge: BridgeUnderTest;
  attempts: Attempts;
  workers: Workers;
  /** The worker that runs; a test that ends it puts another one in its place. */
  worker: Child;
}
