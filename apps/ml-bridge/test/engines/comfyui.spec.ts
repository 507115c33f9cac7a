import fc from 'fast-check';
import { eventually } from '#testing';
import type { ServerSettings } from '../../src/catalogue/catalogue-model.js';
import { ComfyuiAdapter } from '../../src/engines/comfyui/comfyui.client.js';
import { partsOf, type Workflow } from '../../src/engines/comfyui/comfyui-workflow.js';
import type { ComfyuiOptions } from '../../src/engines/options/comfyui-options.js';
import { engineParams } from '../../src/catalogue/engine-params.js';
import { everyModel } from '../catalogue.js';
import { allParams } from '../some-params.js';
import { ARun, codeOf, givenUp, hasty, modelOf, patient } from './a-run.js';
import { ComfyuiStandIn } from './comfyui-stand-in.js';
import { jsonOf } from './stand-in.js';

const server = new ComfyuiStandIn();
const { signal } = new AbortController();

const single = {
  workflow: 'config/workflows/hunyuan3d-2.json',
  output: '10',
  images: { front: '2.image' },
  filename_prefix: '10.filename_prefix',
};
const multiview = {
  ...single,
  workflow: 'config/workflows/hunyuan3d-2mv.json',
  images: { front: '2.image', left: '11.image', back: '13.image', right: '15.image' },
  unlink: { left: '6.left', back: '6.back', right: '6.right' },
};

const adapterWith = (options: ServerSettings['options'] = single, patience = hasty): ComfyuiAdapter =>
  new ComfyuiAdapter({ type: 'server', engine: 'comfyui', url: server.url, apiKey: null, options }, patience);

const aRun = (params: Record<string, unknown> = {}): ARun => new ARun({ params });
const inputsOf = (prompt: Workflow, node: string): Record<string, unknown> => prompt[node]?.inputs ?? {};

beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(() => server.reset());

describe('a job on ComfyUI', () => {
  it('uploads its picture, runs the workflow with its values, and fetches the GLB', async () => {
    const run = aRun({ '7.seed': 42, '7.steps': 12 });
    expect(await modelOf(adapterWith(), run)).toEqual(server.glb);
    expect(run.stages).toEqual(['waiting', 'generate', 'deliver']);
    const { id, prompt } = server.runs[0]!;
    expect(run.remote).toEqual({ id, taken: true });
    expect(inputsOf(prompt, '7')).toMatchObject({ seed: 42, steps: 12, cfg: 5 });
    expect(server.uploads.get(String(inputsOf(prompt, '2').image))?.toString()).toBe('picture of the front');
    expect(inputsOf(prompt, '10').filename_prefix).toBe(`lathe/${id}`);
  });

  it('tells how far it is, by the weights of the nodes', async () => {
    server.hold = 'running';
    const run = aRun();
    const ended = modelOf(adapterWith({ ...single, weights: { 7: 20, 8: 9 } }), run);
    // of ten nodes: the first two, and half of the seventh
    await eventually(() => expect(run.reports).toContainEqual({ stage: 'generate', fraction: 12 / 37 }));
    server.hold = null;
    await ended;
  });

  it('puts each view into its place, and leaves out those that are not shown', async () => {
    await modelOf(adapterWith(multiview), new ARun({ views: ['front', 'back'] }));
    const { prompt } = server.runs[0]!;
    expect(Object.keys(inputsOf(prompt, '6'))).toEqual(['front', 'back']);
    expect(server.uploads.get(String(inputsOf(prompt, '13').image))?.toString()).toBe('picture of the back');
  });

  it('finds what a node saved that does not say so, by the name it was given', async () => {
    server.ending = 'silent';
    expect(await modelOf(adapterWith(), aRun())).toEqual(server.glb);
  });

  it('is not posted twice when the answer was lost', async () => {
    server.trap(/^POST \/prompt/, 'lose', 1);
    expect(await modelOf(adapterWith(), aRun())).toEqual(server.glb);
    expect(server.runs).toHaveLength(1);
  });

  it('goes on after a restart of the bridge without a second run', async () => {
    server.hold = 'running';
    const run = aRun();
    await givenUp(adapterWith(), run, 'generate');
    server.hold = null;
    expect(await modelOf(adapterWith(), new ARun({ remote: run.remote }))).toEqual(server.glb);
    expect(server.runs).toHaveLength(1);
  });

  it('goes on with a run of which nobody learned that it was taken, and posts one that was not', async () => {
    const run = aRun();
    await modelOf(adapterWith(), run);
    run.remote = { ...(run.remote as object), taken: false };
    await modelOf(adapterWith(), new ARun({ remote: run.remote }));
    expect(server.runs).toHaveLength(1);
    server.restart();
    await modelOf(adapterWith(), new ARun({ remote: run.remote }));
    expect(server.runs).toHaveLength(2);
  });

  it('survives that the server is away for a moment', async () => {
    server.trap(/^GET \/queue/, 'drop', 3).trap(/^GET \/history/, { status: 502 }, 3);
    expect(await modelOf(adapterWith(single, patient), aRun())).toEqual(server.glb);
  });
});

describe('a job on ComfyUI fails', () => {
  it.each([
    ['out_of_memory', 'out of memory'],
    ['model_error', 'error'],
    ['output_rejected', 'obj'],
  ] as const)('with %s', async (code, ending) => {
    server.ending = ending;
    expect(await codeOf(modelOf(adapterWith(), aRun()))).toBe(code);
  });

  it('with engine_unavailable when somebody interrupts it at the server', async () => {
    server.hold = 'running';
    const run = aRun();
    const code = codeOf(modelOf(adapterWith(), run));
    await run.untilStage('generate');
    server.interruptRun();
    expect(await code).toBe('engine_unavailable');
  });

  it('with engine_unavailable when the server was restarted, which knows it no more', async () => {
    server.hold = 'running';
    const run = aRun();
    const code = codeOf(modelOf(adapterWith(), run));
    await run.untilStage('generate');
    server.restart();
    expect(await code).toBe('engine_unavailable');
  });

  it('with engine_unavailable when the server is gone, after a while', async () => {
    server.trap(/^GET/, 'drop');
    expect(await codeOf(modelOf(adapterWith(), aRun()))).toBe('engine_unavailable');
  });

  it('with unsupported for a value that an input of the workflow does not take', async () => {
    expect(await codeOf(modelOf(adapterWith(), aRun({ '8.octree_resolution': 1000 })))).toBe('unsupported');
  });

  it('with model_error for a workflow that the server cannot run', async () => {
    server.trap(/^POST \/prompt/, { status: 400, json: { error: { type: 'missing_node_type', message: 'secret' } } });
    expect(await codeOf(modelOf(adapterWith(), aRun()))).toBe('model_error');
  });

  it('with bad_input for a picture that cannot be read', async () => {
    const errors = [{ type: 'custom_validation_failed', extra_info: { input_name: 'image' } }];
    server.trap(/^POST \/prompt/, { status: 400, json: { node_errors: { 2: { errors } } } });
    expect(await codeOf(modelOf(adapterWith(), aRun()))).toBe('bad_input');
  });

  it.each([
    [{ '99.seed': 1 }, ['front']],
    [{ prompt: 'a fox' }, ['front']],
    [{ negative_prompt: 'legs' }, ['front']],
    [{}, ['front', 'left']],
    [{}, []],
  ])('with unsupported, before anything is sent, for what has no place: %j %j', async (params, views) => {
    expect(await codeOf(modelOf(adapterWith(), new ARun({ params, views })))).toBe('unsupported');
    expect(server.heardOf(/^POST/)).toHaveLength(0);
  });
});

describe('a job on ComfyUI is stopped', () => {
  const canceled = async (run: ARun, stage: string): Promise<void> => {
    const ended = modelOf(adapterWith(), run).catch(() => null);
    await run.untilStage(stage);
    await eventually(() => expect(run.remote).toMatchObject({ taken: true }));
    run.cancel();
    await ended;
    await adapterWith().stop(run.remote, signal);
  };

  it('while it waits, by taking it out of the queue', async () => {
    server.hold = 'waiting';
    await canceled(aRun(), 'waiting');
    expect(server.interrupted).toEqual([]);
    expect((await (await fetch(`${server.url}/queue`)).json()) as object).toMatchObject({ queue_pending: [] });
  });

  it('while it runs, by an interrupt of this run and no other', async () => {
    server.hold = 'running';
    const run = aRun();
    await canceled(run, 'generate');
    expect(server.interrupted).toEqual([(run.remote as { id: string }).id]);
  });

  it('when it begins to run just then', async () => {
    server.hold = 'waiting';
    const run = aRun();
    server.hasty = true;
    await canceled(run, 'waiting');
    expect(server.interrupted).toEqual([(run.remote as { id: string }).id]);
  });

  it('as far as possible, when a node does not look up', async () => {
    Object.assign(server, { hold: 'running', deaf: true });
    const run = aRun();
    await givenUp(adapterWith(), run, 'generate');
    await adapterWith().stop(run.remote, signal);
    expect(new Set(server.interrupted)).toEqual(new Set([(run.remote as { id: string }).id]));
  });

  it('never, when nothing was begun', async () => {
    await adapterWith().stop(null, signal);
    expect(server.heard).toHaveLength(0);
  });
});

describe('a ComfyUI server', () => {
  it('is ready when it answers', async () => {
    expect(await adapterWith().isReady(signal)).toBe(true);
    server.trap(/system_stats/, { status: 404 });
    expect(await adapterWith().isReady(signal)).toBe(false);
    server.reset();
    server.trap(/system_stats/, 'drop');
    expect(await adapterWith().isReady(signal)).toBe(false);
  });

  it.each([
    [{ ...single, workflow: 'config/workflows/none.json' }, 'config/workflows/none.json cannot be read'],
    [{ ...single, workflow: 'package.json' }, "is not in ComfyUI's API format"],
    [{ ...single, output: '77' }, 'the workflow has no node 77'],
    [{ ...single, images: { front: '2.picture' } }, 'the workflow has no input 2.picture'],
    [{ ...single, prompt: 'nowhere' }, 'options.prompt must match pattern'],
  ])('cannot be set up wrongly: %#', (options, message) => expect(() => adapterWith(options)).toThrow(message));

  it('sends its key, where it is behind something that wants one', async () => {
    const settings = { type: 'server', engine: 'comfyui', url: server.url, apiKey: 'key', options: single } as const;
    await modelOf(new ComfyuiAdapter(settings, hasty), aRun());
    expect(new Set(server.heard.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer key']));
    expect(jsonOf(server.heardOf(/POST \/prompt/)[0]!)).not.toHaveProperty('extra_data');
  });
});

describe.each(everyModel().filter(({ offer }) => offer.engine === 'comfyui'))('$offer.id of models.yaml', (model) => {
  it('has every parameter in the workflow that runs', async () => {
    const { options } = model.transport as ServerSettings;
    const adapter = adapterWith(options);
    await fc.assert(
      fc.asyncProperty(allParams(model.offer), async (given) => {
        server.reset();
        const params = engineParams(model, given);
        const run = aRun(params);
        await modelOf(adapter, run);
        expect(model.stages.map(({ name }) => name)).toEqual(expect.arrayContaining(run.stages));
        const { prompt } = server.runs[0]!;
        const places = (options as unknown as ComfyuiOptions).params;
        for (const [name, value] of Object.entries(params)) {
          const [node, input] = partsOf(places[name] ?? name);
          expect([name, inputsOf(prompt, node)[input]]).toEqual([name, value]);
        }
        expect(Object.keys(params).length).toBeGreaterThan(5);
      }),
      { numRuns: 5 },
    );
  });
});
