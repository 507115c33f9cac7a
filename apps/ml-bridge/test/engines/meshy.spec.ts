import fc from 'fast-check';
import { eventually } from '#testing';
import { engineParams } from '../../src/catalogue/engine-params.js';
import { MeshyAdapter } from '../../src/engines/meshy/meshy.client.js';
import { modelOfFile } from '../catalogue.js';
import { allParams } from '../some-params.js';
import { ARun, aRunOf, aText, codeOf, failureOf, givenUp, hasty, modelOf, pictureOf } from './a-run.js';
import { FilesStandIn } from './files-stand-in.js';
import { MeshyStandIn, refused } from './meshy-stand-in.js';

const files = new FilesStandIn();
const server = new MeshyStandIn(files);
const { signal } = new AbortController();
const texts = '/openapi/v2/text-to-3d';

const adapter = (apiKey = server.key, options = {}): MeshyAdapter => {
  const origins = { download_origins: [files.url] };
  return new MeshyAdapter(
    { type: 'server', engine: 'meshy', url: server.url, apiKey, options: { ...origins, ...options } },
    hasty,
  );
};
const dataUri = (view: string): string => `data:image/png;base64,${pictureOf(view).toString('base64')}`;

beforeAll(() => Promise.all([server.start(), files.start()]));
afterAll(() => Promise.all([server.stop(), files.stop()]));
beforeEach(() => [server, files].forEach((it) => it.reset()));

describe('a job at Meshy', () => {
  it('makes a shape of a prompt, then its texture, and fetches the GLB at once', async () => {
    const run = aText({ should_texture: true, enable_pbr: true, pose_mode: 't-pose' });
    expect(await modelOf(adapter(), run)).toEqual(files.glb);
    expect(run.stages).toEqual(['waiting', 'generate', 'texture', 'deliver']);
    expect(run.reports).toContainEqual({ stage: 'texture', fraction: 0.5 });
    const common = { ai_model: 'latest', target_formats: ['glb'] };
    expect(server.tasks.map(({ body }) => body)).toEqual([
      { mode: 'preview', prompt: 'a fox', moderation: true, pose_mode: 't-pose', ...common },
      { mode: 'refine', preview_task_id: '0193-0', enable_pbr: true, ...common },
    ]);
    expect(run.remote).toEqual({ tasks: [0, 1].map((number) => ({ path: texts, id: `0193-${number}` })) });
  });

  it('makes a shape alone where no texture is wanted', async () => {
    await modelOf(adapter(), aText({ should_texture: false }));
    expect(server.tasks.map(({ body }) => body.mode)).toEqual(['preview']);
  });

  it('takes one picture, and lets a prompt guide its texture', async () => {
    await modelOf(adapter(), new ARun({ params: { prompt: 'of brass' } }));
    const [{ kind, body } = { kind: '', body: {} }] = server.tasks;
    expect(kind).toBe('image-to-3d');
    expect(body).toMatchObject({ image_url: dataUri('front'), texture_prompt: 'of brass' });
  });

  it('takes up to four pictures, in their order', async () => {
    const views = ['front', 'back', 'left', 'right'];
    await modelOf(adapter(), new ARun({ views }));
    expect(server.tasks[0]).toMatchObject({ kind: 'multi-image-to-3d', body: { image_urls: views.map(dataUri) } });
  });

  it('is remeshed where its number of triangles is told, as it is not told in vain', async () => {
    await modelOf(adapter(), aText({ target_polycount: 5000 }));
    expect(server.tasks[0]?.body).toMatchObject({ target_polycount: 5000, should_remesh: true });
  });

  it('waits while there are too many of them', async () => {
    server.trap(/^POST/, refused(429, 'NoMoreConcurrentTasks', { 'retry-after': '0' }), 2);
    const run = aText();
    expect(await modelOf(adapter(), run)).toEqual(files.glb);
    expect(server.heardOf(/^POST/)).toHaveLength(4);
  });

  it('does not ask again before it was told to', async () => {
    server.trap(/^POST/, refused(429, 'RateLimitExceeded', { 'retry-after': '60' }), 1);
    const run = aText();
    const ended = modelOf(adapter(), run).catch(() => null);
    await eventually(() => expect(run.reports.length).toBeGreaterThan(3));
    run.cancel();
    await ended;
    expect(server.heardOf(/^POST/)).toHaveLength(1);
    expect(run.remote).toEqual({ tasks: [] });
  });

  it('goes on over an outage, which is cheaper than to pay again', async () => {
    server.trap(/^GET/, 'drop', 20).trap(/^GET/, { status: 503 }, 5).trap(/^GET/, refused(429, 'RateLimitExceeded'), 2);
    expect(await modelOf(adapter(), aText())).toEqual(files.glb);
    expect(server.tasks).toHaveLength(2);
  });

  it('goes on after a restart of the bridge with the tasks that there are', async () => {
    server.hold = 'IN_PROGRESS';
    const run = aText();
    await givenUp(adapter(), run, 'generate');
    server.hold = null;
    await modelOf(adapter(), new ARun({ views: [], params: { prompt: 'a fox' }, remote: run.remote }));
    expect(server.tasks.map(({ body }) => body.mode)).toEqual(['preview', 'refine']);
  });
});

describe('what was paid for', () => {
  it.each(['lose', 'cut', { status: 502 }] as const)('is not sent again when its answer was lost: %j', async (trap) => {
    server.trap(/^POST/, trap);
    expect(await failureOf(adapter(), aText())).toMatchObject({ code: 'engine_unavailable', retryable: false });
    expect(server.heardOf(/^POST/)).toHaveLength(1);
  });

  it('is not sent again when the answer has no id', async () => {
    server.trap(/^POST/, { status: 202, json: {} });
    expect(await failureOf(adapter(), aText())).toMatchObject({ code: 'engine_unavailable', retryable: false });
  });

  it('is not sent again when the bridge was restarted just then', async () => {
    const remote = { tasks: [{ path: texts, id: null }] };
    const run = new ARun({ views: [], params: { prompt: 'a fox' }, remote });
    expect(await failureOf(adapter(), run)).toMatchObject({ code: 'engine_unavailable', retryable: false });
    expect(server.heard).toHaveLength(0);
  });

  it('is known also when the job is given up while it is being sent', async () => {
    const run = aText();
    const { open } = server.shut();
    const ended = modelOf(adapter(), run);
    await eventually(() => expect(server.heardOf(/^POST/)).toHaveLength(1));
    run.cancel();
    open();
    await expect(ended).rejects.toThrow('canceled');
    expect(run.remote).toEqual({ tasks: [{ path: texts, id: '0193-0' }] });
    await adapter().stop(run.remote, signal);
    expect(server.tasks).toEqual([]);
  });

  it.each(['report', 'remember'] as const)(
    'is not ordered any more for a job that is given up by a %s',
    async (how) => {
      const run = aText();
      const before = run[how].bind(run) as (about: unknown) => Promise<void>;
      run[how] = async (about: unknown) => {
        await before(about);
        run.cancel();
      };
      await expect(modelOf(adapter(), run)).rejects.toThrow('canceled');
      expect(server.heardOf(/^POST/)).toHaveLength(0);
      expect(run.remote).toEqual({ tasks: [] });
    },
  );

  it.each(['drop', { status: 503 }] as const)('is fetched when its files were away for a moment: %j', async (trap) => {
    files.trap(/^GET/, trap, 2);
    expect(await modelOf(adapter(), aText())).toEqual(files.glb);
    expect(files.heard).toHaveLength(3);
    expect(server.heardOf(/^POST/)).toHaveLength(2);
  });

  it('is not asked for again when it is refused', async () => {
    files.trap(/^GET/, { status: 403 });
    expect((await failureOf(adapter(), aText())).code).toBe('output_rejected');
    expect(files.heard).toHaveLength(1);
  });

  it('may be at the server itself', async () => {
    server.trap(/^GET \/there/, { body: files.glb });
    server.trap(/^GET/, { json: { status: 'SUCCEEDED', model_urls: { glb: `${server.url}/there.glb` } } });
    expect(await modelOf(adapter(), aText({ should_texture: false }))).toEqual(files.glb);
  });

  it('may be sent again when the server was certainly not reached', async () => {
    await server.stop();
    expect(await failureOf(adapter(), aText())).toMatchObject({ code: 'engine_unavailable', retryable: true });
    await server.start();
  });

  it('is deleted when it is canceled, all of it', async () => {
    const run = aText();
    await modelOf(adapter(), run);
    await adapter().stop(run.remote, signal);
    expect(server.heardOf(/^DELETE/).map(({ path }) => path)).toEqual([`${texts}/0193-1`, `${texts}/0193-0`]);
    await adapter().stop(run.remote, signal);
    await adapter().stop(null, signal);
  });
});

describe('a job at Meshy fails', () => {
  it.each([
    ['content_rejected', { type: 'invalid_input', code: 'moderation_blocked' }],
    ['bad_input', { type: 'server_error', code: 'image_too_complex' }],
    ['bad_input', { type: 'invalid_input' }],
    ['worker_timeout', { type: 'timeout', code: 'timeout' }],
    ['engine_unavailable', { type: 'service_unavailable' }],
    ['model_error', { type: 'server_error', code: 'format_conversion_failed' }],
  ] as const)('with %s for %j', async (code, taskError) => {
    server.taskError = taskError;
    expect((await failureOf(adapter(), aText())).code).toBe(code);
  });

  it.each([
    ['bad_input', 400],
    ['engine_unavailable', 402],
    ['engine_unavailable', 403],
    ['bad_input', 422],
  ] as const)('with %s when it is refused with %d', async (code, status) => {
    server.trap(/^POST/, refused(status, 'secret words'));
    expect(await codeOf(modelOf(adapter(), aText()))).toBe(code);
    expect(server.heardOf(/^POST/)).toHaveLength(1);
  });

  it('with engine_unavailable when its task is gone or was canceled there', async () => {
    server.trap(/^GET/, refused(404, 'Task not found'), 1);
    expect(await codeOf(modelOf(adapter(), aText()))).toBe('engine_unavailable');
    server.trap(/^GET/, { json: { status: 'CANCELED' } }, 1);
    expect(await codeOf(modelOf(adapter(), aText()))).toBe('engine_unavailable');
  });

  it.each([
    [{ model_urls: { fbx: 'http://x.test' } }],
    [{ model_urls: { glb: 'http://169.254.169.254/latest' } }],
    [{ model_urls: { glb: 'file:///etc/passwd' } }],
  ])('with output_rejected for a result that is none, or not there: %j', async (result) => {
    server.trap(/^GET/, { json: { status: 'SUCCEEDED', ...result } });
    expect(await codeOf(modelOf(adapter(), aText({ should_texture: false })))).toBe('output_rejected');
  });

  it.each([
    [{ negative_prompt: 'legs' }, []],
    [{ image_enhancement: true }, []],
    [{ anything: 1 }, ['front']],
    [{ should_texture: false, enable_pbr: true }, ['front']],
    [{ should_texture: false, texture_prompt: 'brass' }, []],
    [{ prompt: 'of tin', texture_prompt: 'of brass' }, ['front']],
    [{ prompt: 'of tin', should_texture: false }, ['front']],
    [{ should_remesh: false, target_polycount: 500 }, []],
  ])('with unsupported, for nothing, where Meshy would ignore something: %j %j', async (params, views) => {
    const run = aRunOf(views, params);
    expect(await codeOf(modelOf(adapter(), run))).toBe('unsupported');
    expect(server.heard).toHaveLength(0);
  });
});

describe('Meshy', () => {
  it('is ready while there is money, which is not asked every time', async () => {
    const meshy = adapter();
    expect(await meshy.isReady(signal)).toBe(true);
    expect(await meshy.isReady(signal)).toBe(true);
    expect(server.heard).toHaveLength(1);
    server.balance = 0;
    expect(await adapter().isReady(signal)).toBe(false);
    expect(await adapter('another key').isReady(signal)).toBe(false);
    server.trap(/balance/, 'drop');
    expect(await adapter().isReady(signal)).toBe(false);
  });

  it('has its key, which its files and no failure have', async () => {
    const run = aText();
    await modelOf(adapter(), run);
    expect(files.heard.at(-1)?.headers.authorization).toBeUndefined();
    server.trap(/^POST/, refused(401, `wrong key ${server.key}`));
    expect(JSON.stringify(await failureOf(adapter(), aText()))).not.toContain(server.key);
  });

  it('is told every parameter of models.yaml', async () => {
    const model = modelOfFile('meshy');
    await fc.assert(
      fc.asyncProperty(
        allParams(model.offer),
        fc.constantFrom<string[]>([], ['front'], ['front', 'back']),
        async (given, views) => {
          server.reset();
          const params = engineParams(model, { ...given, texture: true });
          const run = aRunOf(views, params);
          await modelOf(adapter(), run);
          expect(model.stages.map(({ name }) => name)).toEqual(expect.arrayContaining(run.stages));
          const told = Object.assign({}, ...server.tasks.map(({ body }) => body)) as Record<string, unknown>;
          const { should_texture, ...rest } = params;
          expect(told).toMatchObject(rest);
          expect(server.tasks.at(-1)?.body).toMatchObject(views.length === 0 ? { mode: 'refine' } : { should_texture });
        },
      ),
      { numRuns: 10 },
    );
  });
});
