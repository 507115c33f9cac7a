import type { TaskDispatched } from '#contracts';
import { eventually } from '#testing';
import type { EngineAdapter, EngineOutput, EngineRun } from '../src/engines/engine-adapter.js';
import { EnginesService } from '../src/engines/engines.service.js';
import { aCatalogueModel } from './a-generation.js';
import { aGlb } from './engines/a-glb.js';
import { type Bridge, bridgeOfSuite } from './bridge.js';
import { alsoWithModels } from './more-models.js';
import { Store } from './store.js';

/** Drives no server, and does what the test says. */
export class ScriptedAdapter implements EngineAdapter {
  ready = true;
  /** What becomes of a job; a GLB at once, unless told. */
  script: (run: EngineRun) => Promise<EngineOutput> = () => Promise.resolve(outputOf(aGlb()));
  readonly runs: EngineRun[] = [];
  readonly stopped: unknown[] = [];
  running = 0;
  mostRunning = 0;

  isReady(): Promise<boolean> {
    return Promise.resolve(this.ready);
  }

  async run(run: EngineRun): Promise<EngineOutput> {
    this.runs.push(run);
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    try {
      return await this.script(run);
    } finally {
      this.running--;
    }
  }

  stop(remote: unknown): Promise<void> {
    this.stopped.push(remote);
    return Promise.resolve();
  }

  runsOf(taskId: string): EngineRun[] {
    return this.runs.filter(({ job }) => job.task_id === taskId);
  }

  /** The n-th run of a task, once it has begun. */
  runOf(taskId: string, count = 1): Promise<EngineRun> {
    return eventually(() => {
      const run = this.runsOf(taskId)[count - 1];
      if (!run) throw new Error(`run ${count} has not begun`);
      return run;
    });
  }
}

/** In pieces, as a server sends it. */
export const outputOf = (...pieces: Uint8Array[]): EngineOutput => ({
  glb: (async function* () {
    yield* await Promise.resolve(pieces);
  })(),
});

/** A server that takes the job, and is at it until somebody stops it. */
export const endless =
  (remote: unknown) =>
  async (run: EngineRun): Promise<never> => {
    const { signal } = run;
    await run.remember(remote);
    await run.report('shape', 0.5);
    signal.throwIfAborted(); // it may have been stopped by what the report was answered
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  };

const model = aCatalogueModel({
  transport: { type: 'server', engine: 'cog', url: 'http://engine', apiKey: null, options: {} },
  stages: [
    { name: 'shape', deadlineSeconds: null, weight: 3 },
    { name: 'texture', deadlineSeconds: null, weight: 1 },
  ],
  finish: true,
});

export const modelId = 'served';

/** A bridge with one model on a server, `served`, and what is behind it. */
export function serverBridgeOfSuite(): { bridge: Bridge; adapter: ScriptedAdapter; store: Store } {
  const adapter = new ScriptedAdapter();
  const store = new Store();
  alsoWithModels({ ...model, offer: { ...model.offer, id: modelId } });
  beforeAll(async () => {
    jest.spyOn(EnginesService.prototype, 'adapterOf').mockReturnValue(adapter);
    await store.start();
  });
  const bridge = bridgeOfSuite({ WORKER_HEARTBEAT_MS: 1000 });
  beforeEach(() => {
    bridge.store = store.url;
    adapter.script = () => Promise.resolve(outputOf(aGlb()));
    adapter.mostRunning = 0;
    adapter.stopped.length = 0;
    store.reset();
    store.files.clear();
  });
  afterAll(() => store.stop());
  return { bridge, adapter, store };
}

export const dispatch = (bridge: Bridge, about: Partial<TaskDispatched> = {}): Promise<TaskDispatched> =>
  bridge.dispatch({ model: modelId, ...about });
