import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { modelOffered } from '#contracts';
import { eventually } from '#testing';
import { describeWith } from '../debian/describe-with.js';
import type { Child } from '../local-stack/processes/child.js';
import { Attempts, modelId, patienceMs } from './attempts.js';
import { BridgeUnderTest } from './bridge-under-test.js';
import { endings } from './endings.js';
import { interruptions } from './interruptions.js';
import type { Suite, TransportUnderTest } from './suite.js';
import { Workers } from './workers.js';

jest.setTimeout(150_000);

/** The list that every way to a worker has to pass: the real bridge, and the Python package in a process of its own. */
export function conformance(transport: TransportUnderTest): void {
  describeWith(transport.needs, `a Python worker behind ${transport.name}`, () => {
    const suite = { transport } as Suite;
    beforeAll(() => start(suite));
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
  suite.attempts = new Attempts(suite.bridge, () => suite.worker.tail());
  await suite.bridge.start((workersBroker) => {
    const file = path.join(suite.workers.folder, 'models.yaml');
    writeFileSync(file, JSON.stringify({ version: 1, models: [theModel(transport.transport(workersBroker))] }));
    return { MODELS_FILE: file, ...transport.settings?.() };
  });
  suite.worker = await suite.workers.start();
  await Promise.race([eventually(() => expect(slots(suite)).toBe(1), patienceMs), endOf(suite.worker)]);
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
