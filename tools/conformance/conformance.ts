import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { modelOffered } from '#contracts';
import { eventually, type FreshBroker } from '#testing';
import type { MlBridgeConfig } from '../../apps/ml-bridge/src/ml-bridge.config.js';
import type { SetName } from '../debian/sets.js';
import { describeWith } from '../debian/describe-with.js';
import type { Child } from '../local-stack/processes/child.js';
import { Attempts, modelId } from './attempts.js';
import { BridgeUnderTest } from './bridge-under-test.js';
import { endings } from './endings.js';
import { interruptions } from './interruptions.js';
import { type WorkerCommand, Workers } from './workers.js';

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

/** The list that every way to a worker has to pass: the real bridge, and the Python package in a process of its own. */
export function conformance(transport: TransportUnderTest): void {
  describeWith(transport.needs, `a Python worker behind ${transport.name}`, () => {
    const suite = { transport } as Suite;
    beforeAll(() => start(suite), 60_000);
    afterAll(() => stop(suite));

    it('is counted while it listens', () => eventually(() => expect(slots(suite)).toBe(1)));

    endings(suite);
    interruptions(suite);
    transport.also?.(suite);
  });
}

async function start(suite: Suite): Promise<void> {
  const { transport } = suite;
  await transport.start?.();
  suite.bridge = new BridgeUnderTest();
  suite.workers = new Workers(() => transport.worker(suite.bridge));
  suite.attempts = new Attempts(suite.bridge);
  await suite.bridge.start((workersBroker) => {
    const file = path.join(suite.workers.folder, 'models.yaml');
    writeFileSync(file, JSON.stringify({ version: 1, models: [theModel(transport.transport(workersBroker))] }));
    return { MODELS_FILE: file, ...transport.settings?.() };
  });
  suite.worker = await suite.workers.start();
  await Promise.race([eventually(() => expect(slots(suite)).toBe(1), 20_000), endOf(suite.worker)]);
}

/** Rejects when a worker ends by itself. */
const endOf = async (worker: Child): Promise<never> => {
  const ending = await worker.ended;
  throw new Error(`the worker ended: ${ending}\n${worker.tail()}`);
};

async function stop({ transport, bridge, workers }: Suite): Promise<void> {
  await workers.stop();
  await bridge.stop();
  await transport.stop?.();
  jest.restoreAllMocks();
}

/** As the task service was told last. */
const slots = ({ bridge }: Suite): number | undefined => bridge.task.heardOf(modelOffered).at(-1)?.slots;

/** Delivers everything itself, so that nothing but the worker is between a job and its end. */
const theModel = (transport: object): object => ({
  id: modelId,
  name: 'Conforming',
  engine: 'conforming',
  description: 'Does what its prompt says',
  inputs: ['prompt', 'image'],
  max_images: 1,
  finish: false,
  output_formats: ['glb'],
  transport,
  license: { name: 'MIT' },
});
