import '#testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assert, asyncProperty, constantFrom } from 'fast-check';
import { Problem } from '#contracts';
import { corpus, type Sample } from '../../test/corpus.js';
import { inspectorProgram } from '../../test/inspector-program.js';
import { mutation } from '../../test/mutated-picture.js';
import { InspectionService } from './inspection.service.js';
import { contentTypeOf, isPicture } from './sniff.js';

const longestMs = 2000;
const runs = Number(process.env.FUZZ_RUNS ?? 2500);
const seed = Number(process.env.FUZZ_SEED ?? 20_261_123);
/** A loaded machine does fewer. */
const enoughMs = process.env.FUZZ_RUNS ? 3_600_000 : 5000;

let folder: string;
let inspection: InspectionService;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lathe-fuzz-'));
  inspection = new InspectionService({ program: inspectorProgram(), memoryMb: 1280, limitMs: 10_000 });
});
afterAll(() => {
  inspection.onApplicationShutdown();
  rmSync(folder, { recursive: true });
});

let count = 0;

/** What becomes of the bytes as an upload: `accepted`, or a code. Anything but a refusal is thrown. */
async function outcomeOf(bytes: Buffer): Promise<string> {
  const mediaType = contentTypeOf(bytes);
  if (!mediaType || !isPicture(mediaType)) return 'unsupported_media_type';
  const sent = path.join(folder, String(++count));
  writeFileSync(sent, bytes);
  const order = { kind: 'picture', path: sent, mediaType, maxPixels: 50_000_000, output: `${sent}.made` } as const;
  try {
    await inspection.inspect(order, new AbortController().signal);
    return 'accepted';
  } catch (error) {
    if (error instanceof Problem && !/ended|took too/.test(error.message)) return error.code;
    throw error;
  } finally {
    for (const file of [sent, order.output]) rmSync(file, { force: true });
  }
}

async function timed(bytes: Buffer): Promise<{ outcome: string; ms: number }> {
  const begun = performance.now();
  return { outcome: await outcomeOf(bytes), ms: performance.now() - begun };
}

const named = (samples: Sample[]) => samples.map(({ name, bytes }) => [name, bytes] as const);

describe('an upload of the corpus', () => {
  it.each(named(corpus('accepted')))('is taken: %s', async (_, bytes) => {
    expect(await outcomeOf(bytes)).toBe('accepted');
  });

  it.each([
    ...corpus('invalid_image').map(({ name, bytes }) => [name, 'invalid_image', bytes] as const),
    ...corpus('unsupported_media_type').map(({ name, bytes }) => [name, 'unsupported_media_type', bytes] as const),
  ])('is refused in no time: %s as %s', async (_, code, bytes) => {
    const { outcome, ms } = await timed(bytes);
    expect(outcome).toBe(code);
    expect(ms).toBeLessThan(longestMs);
  });
});

describe('whatever is uploaded', () => {
  it(`is taken or refused within ${longestMs / 1000} seconds, and ends no process`, async () => {
    const seeds = [...corpus('accepted'), ...corpus('invalid_image')].filter(({ bytes }) => bytes.length < 2000);
    await outcomeOf(seeds[0]!.bytes); // a process that is warm
    const property = asyncProperty(constantFrom(...seeds), mutation, async ({ bytes }, change) => {
      const { outcome, ms } = await timed(change(bytes));
      expect(['accepted', 'invalid_image', 'unsupported_media_type']).toContain(outcome);
      expect(ms).toBeLessThan(longestMs);
    });
    await assert(property, { numRuns: runs, seed, interruptAfterTimeLimit: enoughMs });
  }, 3_700_000);
});
