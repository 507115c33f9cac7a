import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { createTask, discardUpload, openUpload } from '#contracts';
import { eventually } from '#testing';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aMutatedForm, isComplete, writesOf } from './mutated-form.js';
import { aToken } from './tokens.js';
import { exchange, type RawAnswer } from './raw-exchange.js';
import { aFile, aTask } from './views.js';

/** `FUZZ_RUNS` and `FUZZ_SEED` make it longer and different; what fails is kept in the corpus. */
const runs = Number(process.env.FUZZ_RUNS ?? 300);
const seed = Number(process.env.FUZZ_SEED ?? 5);
const corpus = path.join(__dirname, 'corpus');

describe('a form that is not what a browser sends', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const settings = { RATE_LIMITS: 'off', UPLOAD_MAX_BYTES: '100000', MAX_UPLOADS_PER_ACCOUNT: '2' };
    gateway = await aGateway(settings);
    gateway.storage
      .answer(openUpload, async () => ({ upload_url: gateway.store.urlOf(randomUUID()) }))
      .answer(discardUpload, async () => ({}));
    gateway.task.answer(createTask, async ({ task_id }) => ({ replayed: false, task: aTask({ task_id }) }));
    gateway.store.verdict = (_, bytes) => aFile({ size_bytes: bytes });
  });
  afterAll(() => gateway.stop());

  const bearer = (): string => `Bearer ${aToken(gateway)}`; // a token lives for a minute, a long run does not end in one
  const headers = (): string[] => ['host: a', `authorization: ${bearer()}`];

  /** An answer of the client's making, in time; where the request has no end there may be none. */
  const expectRefusalOrResult = ({ status, body, hung }: RawAnswer, complete: boolean): void => {
    expect({ hung }).toEqual({ hung: false });
    if (status === null) return expect({ complete }).toEqual({ complete: false });
    expect([201, 202, 400, 413, 415, 422]).toContain(status);
    if (status >= 400) expect(JSON.parse(body.toString())).toMatchObject({ status });
  };

  /** Nothing of any of them is left: a slot that is kept would refuse the third upload from now on. */
  const expectNothingLeft = async (): Promise<void> => {
    await eventually(() =>
      expect([...gateway.store.uploads.values()].filter(({ state }) => state === 'open')).toEqual([]),
    );
    for (const _ of [1, 2, 3]) {
      const upload = gateway.http.post('/upload').set('authorization', bearer());
      expect(await upload.attach('file', Buffer.from('x'), 'a.png')).toMatchObject({ status: 201 });
    }
  };

  it(
    'is read or refused soon, and leaves nothing, whatever is wrong with it',
    async () => {
      const seen = new Map<number | null, number>();
      const property = fc.asyncProperty(aMutatedForm(), async (form) => {
        const complete = isComplete(form);
        const writes = writesOf(form, headers());
        const answer = await exchange(gateway.url, { writes, ...(complete ? {} : { endAfterMs: 20 }) });
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        expectRefusalOrResult(answer, complete);
      });
      await fc.assert(property, { numRuns: runs, seed });
      await expectNothingLeft();
      // both what is stored and what is refused for every reason is reached
      expect([...seen.keys()]).toEqual(expect.arrayContaining([201, 202, 400, 413, 415, 422]));
    },
    runs * 200 + 60_000,
  );

  it.each(readdirSync(corpus).filter((name) => name.endsWith('.http')))('was seen before: %s', async (name) => {
    const [line, ...rest] = readFileSync(path.join(corpus, name), 'latin1').split('\r\n');
    const request = [line, ...headers(), ...rest].join('\r\n');
    const complete = !name.startsWith('unfinished-');
    const writes = [Buffer.from(request, 'latin1')];
    expectRefusalOrResult(await exchange(gateway.url, { writes, ...(complete ? {} : { endAfterMs: 50 }) }), complete);
  });

  it('leaves nothing, after all of these', async () => {
    await expectNothingLeft();
  });
});
