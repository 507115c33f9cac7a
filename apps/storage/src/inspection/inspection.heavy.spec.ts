import '#testing';
import childProcess, { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { aGlb } from '../../test/glbs.js';
import { inspectorProgram } from '../../test/inspector-program.js';
import { aBomb, aPicture } from '../../test/pictures.js';
import { eventually } from '#testing';
import { InspectionService } from './inspection.service.js';
import type { Order } from './messages.js';

/** In the place of inspector/main.js: does what the path of its order says. */
const program = `
let grown = [];
const rest = { type: 'accepted', picture: { width: 1, height: 1, sizeBytes: process.pid, sha256: '' }, rssMb: 60 };
const acts = {
  accept: () => process.send(rest),
  keep: () => process.send({ ...rest, rssMb: 999 }),
  refuse: () => process.send({ type: 'refused', reason: 'It is ugly', members: { why: 1 } }),
  fail: () => process.send({ type: 'failed', reason: 'the disk is full' }),
  exit: () => process.exit(3),
  segfault: () => process.kill(process.pid, 'SIGSEGV'),
  hang: () => { for (;;); },
  grow: () => { for (;;) grown.push(new Array(100_000).fill({})); },
  wait: () => undefined,
};
process.on('message', ({ path }) => { process.send({ type: 'begun' }); acts[path](); });`;

const folder = mkdtempSync(path.join(tmpdir(), 'lathe-inspection-'));
const file = path.join(folder, 'program.cjs');
const forever = new AbortController().signal;
let inspection: InspectionService;

const start = (about: object = {}): void => {
  inspection = new InspectionService({ program: file, memoryMb: 256, limitMs: 5000, ...about });
};
const does = (name: string, signal = forever) =>
  inspection.inspect({ kind: 'picture', path: name, mediaType: 'image/png', maxPixels: 1, output: '' }, signal);
/** The number of the process that did the work. */
const pid = async () => (await does('accept'))!.sizeBytes;
const isAlive = (number: number): boolean => {
  try {
    return process.kill(number, 0);
  } catch {
    return false;
  }
};

beforeAll(() => writeFileSync(file, program));
beforeEach(() => start());
afterEach(() => {
  jest.restoreAllMocks();
  inspection.onApplicationShutdown();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('looking at an upload', () => {
  it('is done by a process that stays for the next one', async () => {
    const first = await pid();
    expect(first).not.toBe(process.pid);
    expect(await pid()).toBe(first);
  });

  it('is done by two at once, the others wait for their turn', async () => {
    const numbers = await Promise.all(Array.from({ length: 6 }, pid));
    expect(new Set(numbers).size).toBe(2);
  });

  it('passes a refusal on', async () => {
    await expect(does('refuse')).rejects.toMatchObject({
      code: 'invalid_image',
      message: 'It is ugly',
      details: { members: { why: 1 } },
    });
    await expect(inspection.inspect({ kind: 'model', path: 'refuse' }, forever)).rejects.toMatchObject({
      code: 'invalid_model',
    });
  });

  it.each([
    ['exit', /its process ended \(3\)/],
    ['segfault', /its process ended \(SIGSEGV\)/],
    ['grow', /took too much memory/],
  ])('is the end of the upload that ends its process by %s, and nothing to the next', async (name, message) => {
    start({ memoryMb: 128 });
    const refusal = { code: 'invalid_image', message: expect.stringMatching(message) };
    await expect(does(name)).rejects.toMatchObject(refusal);
    expect(await pid()).toBeGreaterThan(0);
  });

  it('ends when it takes too long, and its process with it', async () => {
    start({ limitMs: 1000 });
    const busy = await pid();
    await expect(does('hang')).rejects.toMatchObject({
      code: 'invalid_image',
      message: 'The picture cannot be checked: it took too long',
    });
    expect(isAlive(busy)).toBe(false);
  });

  it('ends when nobody waits for it any more', async () => {
    const busy = await pid();
    const controller = new AbortController();
    const looked = does('hang', controller.signal);
    controller.abort();
    await expect(looked).rejects.toMatchObject({ code: 'malformed_request' });
    expect(isAlive(busy)).toBe(false);
    await expect(does('accept', controller.signal)).rejects.toMatchObject({ code: 'malformed_request' });
  });

  it('that keeps much memory is the last work of its process', async () => {
    const first = (await does('keep'))!.sizeBytes;
    expect(await pid()).not.toBe(first);
  });

  it.each<[string, () => void]>([
    ['says that it cannot write', () => start()],
    ['has no program', () => start({ program: path.join(folder, 'nothing.cjs') })],
    [
      'cannot be started',
      () => void jest.spyOn(childProcess, 'fork').mockImplementationOnce(() => fork('', { execPath: '/nonexistent' })),
    ],
    [
      'gets no memory to start',
      () =>
        void jest.spyOn(childProcess, 'fork').mockImplementationOnce(() => {
          throw new Error('spawn ENOMEM');
        }),
    ],
  ])('is not refused to the upload when the process %s', async (_, prepare) => {
    prepare();
    await expect(does('fail')).rejects.toMatchObject({ code: 'service_unavailable', details: { retryAfter: 5 } });
  });

  it('ends its processes with the service, whatever they do', async () => {
    const numbers = new Set(await Promise.all([pid(), pid()]));
    void does('hang').catch(() => undefined);
    inspection.onApplicationShutdown();
    await eventually(() => expect([...numbers].filter(isAlive)).toEqual([]));
  });
});

describe('the process that looks', () => {
  const looks = async (bytes: Buffer, about: object = {}) => {
    const sent = path.join(folder, 'sent');
    writeFileSync(sent, bytes);
    const order = {
      kind: 'picture',
      mediaType: 'image/png',
      maxPixels: 50_000_000,
      output: `${sent}.made`,
      path: sent,
    };
    return inspection.inspect({ ...order, ...about } as Order, forever);
  };
  const timed = async (work: Promise<unknown>) => {
    const begun = performance.now();
    const outcome = await work.catch((error: unknown) => error);
    return { outcome, ms: performance.now() - begun };
  };

  beforeEach(() => start({ program: inspectorProgram(), memoryMb: 512 }));

  it('takes a picture, and refuses a bomb in no time', async () => {
    expect(await looks(await aPicture({ width: 65, height: 33 }))).toMatchObject({ width: 65, height: 33 });
    const { outcome, ms } = await timed(looks(aBomb()));
    expect(outcome).toMatchObject({ code: 'invalid_image', message: expect.stringContaining('30000 × 30000') });
    expect(ms).toBeLessThan(1000); // 20 where nothing else runs
  });

  it('takes a model, and refuses what only begins as one', async () => {
    expect(await looks(aGlb(), { kind: 'model' })).toBeNull();
    await expect(looks(Buffer.from('glTF\u0002\0\0\0'), { kind: 'model' })).rejects.toMatchObject({
      code: 'invalid_model',
    });
  });

  it.each(['png', 'jpeg', 'webp'] as const)('takes a model with a %s texture', async (format) => {
    const picture = (await aPicture({ format })).toString('base64');
    const glb = aGlb({
      ...(format === 'webp' ? { extensionsUsed: ['EXT_texture_webp'] } : {}),
      images: [{ uri: `data:image/${format};base64,${picture}` }],
      textures: [format === 'webp' ? { extensions: { EXT_texture_webp: { source: 0 } } } : { source: 0 }],
    });
    expect(await looks(glb, { kind: 'model' })).toBeNull();
    const broken = aGlb({ images: [{ uri: `data:image/${format};base64,AAAA` }], textures: [{ source: 0 }] });
    await expect(looks(broken, { kind: 'model' })).rejects.toMatchObject({ code: 'invalid_model' });
  });

  it('kills itself when decoding takes more memory than it may', async () => {
    start({ program: inspectorProgram(), memoryMb: 128 });
    const { outcome } = await timed(looks(aBomb(20_000, { interlaced: true }), { maxPixels: 500_000_000 }));
    expect(outcome).toMatchObject({
      code: 'invalid_image',
      message: 'The picture cannot be checked: it took too much memory',
    });
    expect(await looks(await aPicture())).toMatchObject({ width: 64 });
  });
});
