import fc from 'fast-check';
import { eventually } from '#testing';
import { engineParams } from '../../src/catalogue/engine-params.js';
import { TripoAdapter } from '../../src/engines/tripo/tripo.client.js';
import { modelOfFile } from '../catalogue.js';
import { allParams } from '../some-params.js';
import { ARun, aRunOf, aText, codeOf, failureOf, hasty, modelOf, patient, pictureOf } from './a-run.js';
import { FilesStandIn } from './files-stand-in.js';
import { refused, TripoStandIn } from './tripo-stand-in.js';

const files = new FilesStandIn();
const server = new TripoStandIn(files);
const { signal } = new AbortController();
const model = 'v3.1-20260211';

const adapter = (apiKey = server.key, patience = hasty): TripoAdapter => {
  const options = { download_origins: [files.url] };
  return new TripoAdapter({ type: 'server', engine: 'tripo', url: `${server.url}/v3`, apiKey, options }, patience);
};

beforeAll(() => Promise.all([server.start(), files.start()]));
afterAll(() => Promise.all([server.stop(), files.stop()]));
beforeEach(() => [server, files].forEach((it) => it.reset()));

describe('a job at Tripo', () => {
  it('is made of a prompt, with what is not wanted, and its GLB fetched at once', async () => {
    const run = aText({ negative_prompt: 'legs', model_seed: 7 });
    expect(await modelOf(adapter(), run)).toEqual(files.glb);
    expect(run.stages).toEqual(['waiting', 'generate', 'deliver']);
    expect(run.reports).toContainEqual({ stage: 'generate', fraction: 0.4 });
    expect(server.tasks).toMatchObject([
      { type: 'text_to_model', body: { prompt: 'a fox', negative_prompt: 'legs', model_seed: 7, model } },
    ]);
    expect(run.remote).toEqual({ id: 'task-0' });
  });

  it('is made of one picture, which is uploaded', async () => {
    await modelOf(adapter(), new ARun());
    expect(server.tasks).toMatchObject([{ type: 'image_to_model', body: { input: 'token-of-front.png', model } }]);
    expect(server.uploads.get('token-of-front.png')).toEqual(pictureOf('front'));
  });

  it('is made of several pictures, named by their views, the front first', async () => {
    await modelOf(adapter(), new ARun({ views: ['back', 'front', 'right'] }));
    const inputs = ['front', 'back', 'right'].map((view) => ({ [view]: `token-of-${view}.png` }));
    expect(server.tasks).toMatchObject([{ type: 'multiview_to_model', body: { inputs } }]);
  });

  it('has no texture where none is wanted, which materials would bring back', async () => {
    await modelOf(adapter(), aText({ texture: false }));
    expect(server.tasks[0]?.body).toMatchObject({ texture: false, pbr: false });
  });

  it.each([
    ['calls in a minute', refused(429, 1007, { 'retry-after': '0' })],
    ['tasks at once', refused(200, 2000, { 'retry-after': '0' })],
  ])('waits while there are too many %s', async (_, refusal) => {
    server.trap(/^POST/, refusal, 3);
    expect(await modelOf(adapter(), new ARun())).toEqual(files.glb);
    expect(server.tasks).toHaveLength(1);
  });

  it('goes on over an outage, and after a restart of the bridge', async () => {
    server.hold = 'running';
    const run = aText();
    const ended = modelOf(adapter(), run).catch(() => null);
    await run.untilStage('generate');
    server.trap(/^GET/, 'drop', 20).trap(/^GET/, refused(429, 1007), 2);
    await eventually(() => expect(server.heardOf(/^GET/).length).toBeGreaterThan(25));
    run.cancel();
    await ended;
    server.hold = null;
    expect(await modelOf(adapter(), new ARun({ remote: run.remote }))).toEqual(files.glb);
    expect(server.tasks).toHaveLength(1);
  });

  it('has materials where the answer has a model with and one without', async () => {
    const output = { model_url: 'http://x.test/', pbr_model_url: files.addressOf('task-0') };
    server.trap(/^GET/, { json: { code: 0, data: { status: 'success', output } } });
    expect(await modelOf(adapter(), aText())).toEqual(files.glb);
  });

  it('cannot be stopped there', async () => {
    await adapter().stop();
    expect(server.heard).toHaveLength(0);
  });
});

describe('what Tripo was paid for', () => {
  it.each(['lose', 'cut', { status: 503 }, { json: {} }, { json: { code: 0, data: {} } }] as const)(
    'is not sent again when its answer was lost, or has no id: %j',
    async (trap) => {
      server.trap(/^POST \/v3\/generation/, trap);
      expect(await failureOf(adapter(), aText())).toMatchObject({ code: 'engine_unavailable', retryable: false });
      expect(server.heardOf(/^POST/)).toHaveLength(1);
    },
  );

  it('is not sent again when the bridge was restarted just then', async () => {
    expect(await failureOf(adapter(), new ARun({ remote: { id: null } }))).toMatchObject({ retryable: false });
    expect(server.heard).toHaveLength(0);
  });

  it.each(['drop', { status: 503 }] as const)('is fetched when its files were away for a moment: %j', async (trap) => {
    files.trap(/^GET/, trap, 2);
    expect(await modelOf(adapter(), aText())).toEqual(files.glb);
    expect(files.heard).toHaveLength(3);
    expect(server.tasks).toHaveLength(1);
  });

  it('may be sent again when the upload alone failed', async () => {
    server.trap(/^POST \/v3\/files/, 'lose', 2);
    expect(await modelOf(adapter(server.key, patient), new ARun())).toEqual(files.glb);
    server.trap(/^POST \/v3\/files/, { status: 503 });
    expect(await failureOf(adapter(), new ARun())).toMatchObject({ code: 'engine_unavailable', retryable: true });
  });
});

describe('a job at Tripo fails', () => {
  it.each([
    ['content_rejected', { status: 'failed', error_code: 2008 }],
    ['content_rejected', { status: 'banned' }],
    ['worker_timeout', { status: 'failed', error_code: 2018 }],
    ['worker_timeout', { status: 'expired' }],
    ['engine_unavailable', { status: 'cancelled' }],
    ['model_error', { status: 'failed', error_msg: 'secret words' }],
  ] as const)('with %s for %j', async (code, ending) => {
    server.ending = ending;
    expect((await failureOf(adapter(), aText())).code).toBe(code);
  });

  it.each([
    ['bad_input', 400, 1004],
    ['bad_input', 200, 1004],
    ['content_rejected', 400, 2008],
    ['engine_unavailable', 403, 2010],
    ['engine_unavailable', 401, 1002],
    ['bad_input', 422, 9999],
  ] as const)('with %s when it is refused with %d and code %d', async (code, status, theirs) => {
    server.trap(/^POST/, refused(status, theirs));
    expect(await codeOf(modelOf(adapter(), aText()))).toBe(code);
    expect(server.heardOf(/^POST/)).toHaveLength(1);
  });

  it('with engine_unavailable when its task is not known any more', async () => {
    server.trap(/^GET/, refused(404, 2001));
    expect(await codeOf(modelOf(adapter(), aText()))).toBe('engine_unavailable');
  });

  it.each([[{}], [{ model_url: 'http://169.254.169.254/latest' }], [{ model_url: 'secret words' }]])(
    'with output_rejected for a result that is none, or not there: %j',
    async (output) => {
      server.trap(/^GET/, { json: { code: 0, data: { status: 'success', output } } });
      expect(await codeOf(modelOf(adapter(), aText()))).toBe('output_rejected');
    },
  );

  it.each([
    [{ prompt: 'of brass' }, ['front']],
    [{ negative_prompt: 'legs' }, ['front']],
    [{ image_seed: 1 }, ['front']],
    [{ quad: true }, []],
    [{ texture: false, pbr: true }, []],
    [{}, ['back', 'left']],
  ])('with unsupported, for nothing, where Tripo has no place for something: %j %j', async (params, views) => {
    const run = aRunOf(views, params);
    expect(await codeOf(modelOf(adapter(), run))).toBe('unsupported');
    expect(server.heard).toHaveLength(0);
  });
});

describe('Tripo', () => {
  it('is ready while there is money', async () => {
    expect(await adapter().isReady(signal)).toBe(true);
    server.balance = 0;
    expect(await adapter().isReady(signal)).toBe(false);
    expect(await adapter('another key').isReady(signal)).toBe(false);
  });

  it('has its key, which its files and no failure have', async () => {
    await modelOf(adapter(), new ARun());
    expect(files.heard.at(-1)?.headers.authorization).toBeUndefined();
    server.trap(/^POST/, { status: 401, json: { code: 1002, message: `wrong key ${server.key}` } });
    expect(JSON.stringify(await failureOf(adapter(), aText()))).not.toContain(server.key);
  });

  it('is told every parameter of models.yaml', async () => {
    const entry = modelOfFile('tripo');
    await fc.assert(
      fc.asyncProperty(
        allParams(entry.offer),
        fc.constantFrom<string[]>([], ['front'], ['front', 'back']),
        async (given, views) => {
          server.reset();
          const params = engineParams(entry, given);
          fc.pre(params.texture !== false || params.pbr !== true);
          const run = aRunOf(views, params);
          await modelOf(adapter(), run);
          expect(entry.stages.map(({ name }) => name)).toEqual(expect.arrayContaining(run.stages));
          expect(Object.keys(params).length).toBeGreaterThan(5);
          expect(server.tasks[0]?.body).toMatchObject(params);
        },
      ),
      { numRuns: 15 },
    );
  });
});
