import { randomUUID } from 'node:crypto';
import { type CreateTask, createTask, discardUpload, openUpload, Problem } from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aFile, aTask } from './views.js';

describe('a request with an Idempotency-Key', () => {
  let gateway: TestGateway;
  let asked: CreateTask[];
  let givenBack: string[];
  /** The answers of the task service: the first for a key again, whatever the id that came with a repetition. */
  let first: Map<string, { fingerprint: string; task: ReturnType<typeof aTask> }>;

  beforeAll(async () => {
    gateway = await aGateway({ RATE_LIMITS: 'off', CORS_ORIGINS: 'https://app.example.org' });
    gateway.storage.answer(openUpload, async () => ({ upload_url: gateway.store.urlOf(randomUUID()) }));
    gateway.storage.answer(discardUpload, async ({ file_id }) => {
      givenBack.push(file_id);
      return {};
    });
    gateway.task.answer(createTask, async (request) => {
      asked.push(request);
      const { task_id, idempotency, prompt = null, images = [] } = request;
      const task = aTask({ task_id, prompt, images });
      const known = idempotency && first.get(idempotency.key);
      if (known && known.fingerprint !== idempotency.fingerprint) throw new Problem('idempotency_key_reused');
      if (known) return { replayed: true, task: known.task };
      if (idempotency) first.set(idempotency.key, { fingerprint: idempotency.fingerprint, task });
      return { replayed: false, task };
    });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    [asked, givenBack, first] = [[], [], new Map()];
    gateway.store.verdict = (_, bytes) => aFile({ size_bytes: bytes, sha256: bytes.toString(16).padStart(64, '0') });
  });

  const generate = (key?: string) => {
    const call = gateway.http.post('/generate').set('authorization', gateway.bearer);
    return key === undefined ? call : call.set('idempotency-key', key);
  };

  it('goes on with the key and a fingerprint, and one without goes on without', async () => {
    await generate('k1').send({ prompt: 'a mug' }).expect(202);
    await generate().send({ prompt: 'a mug' }).expect(202);
    expect(asked.map(({ idempotency }) => idempotency)).toEqual([
      { key: 'k1', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
      undefined,
    ]);
  });

  it('is answered as it was, and is said to be a replay', async () => {
    const before = await generate('k1')
      .send({ prompt: 'a mug', params: { seed: 1, texture: true } })
      .expect(202);
    const again = await generate('k1')
      .send({ params: { texture: true, seed: 1 }, prompt: 'a mug' })
      .expect(202);
    expect(before.headers).not.toHaveProperty('idempotent-replayed');
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(again.text).toBe(before.text);
    expect(again.headers.location).toBe(before.headers.location);
  });

  it('is refused with another body', async () => {
    await generate('k1').send({ prompt: 'a mug' }).expect(202);
    const { body } = await generate('k1').send({ prompt: 'a bowl' }).expect(422);
    expect(body).toMatchObject({ code: 'idempotency_key_reused' });
  });

  it.each(['x', 'x'.repeat(255), '!~ "quoted", with spaces', randomUUID()])('may have the key %j', async (key) => {
    await generate(key).send({ prompt: 'a mug' }).expect(202);
    expect(asked[0]!.idempotency!.key).toBe(key);
  });

  it.each([
    ['nothing', ''],
    ['256 characters', 'x'.repeat(256)],
    ['a letter that is not ASCII', 'k\u00e9y'],
    ['a tab', 'a\tb'],
  ])('is a 422 with %s for a key, and nobody is asked', async (_, key) => {
    const { body } = await generate(key).send({ prompt: 'a mug' }).expect(422);
    const message = 'Idempotency-Key must be 1 to 255 printable ASCII characters';
    expect(body).toMatchObject({
      code: 'invalid_parameters',
      detail: message,
      errors: [{ pointer: '/Idempotency-Key', message }],
    });
    expect(asked).toEqual([]);
  });

  it('tells a page of another origin that it is a replay', async () => {
    const { headers } = await generate('k1').set('origin', 'https://app.example.org').send({ prompt: 'a' }).expect(202);
    expect(headers['access-control-expose-headers']).toContain('Idempotent-Replayed');
  });

  describe('as a form', () => {
    const form = (key: string, ...sizes: number[]) =>
      sizes.reduce(
        (call, size, index) => call.attach('image', Buffer.alloc(size), `${index}.png`),
        generate(key).field('prompt', 'a mug'),
      );
    const picturesOf = ({ images = [] }: CreateTask): string[] => images.map(({ file_id }) => file_id);

    it('is the same with the same pictures, and gives back those that nobody needs', async () => {
      const before = await form('k1', 10, 20).expect(202);
      expect(givenBack).toEqual([]);
      const again = await form('k1', 10, 20).expect(202).expect('idempotent-replayed', 'true');
      expect(again.text).toBe(before.text);
      const [kept, spare] = asked.map(picturesOf);
      expect(givenBack.toSorted()).toEqual(spare!.toSorted());
      expect(givenBack).not.toEqual(expect.arrayContaining(kept!));
    });

    it.each([
      ['another picture', [10, 30]],
      ['the same in another order', [20, 10]],
      ['one less', [10]],
    ])('is another one with %s, and gives those back', async (_, sizes) => {
      await form('k1', 10, 20).expect(202);
      const { body } = await form('k1', ...sizes).expect(422);
      expect(body).toMatchObject({ code: 'idempotency_key_reused' });
      expect(givenBack).toHaveLength(sizes.length);
    });

    it('is checked for its key before a byte of it is stored', async () => {
      gateway.store.uploads.clear();
      await form('', 10).expect(422);
      expect(gateway.store.uploads.size).toBe(0);
    });
  });
});
