import { randomUUID } from 'node:crypto';
import {
  cancelTask,
  createTask,
  discardUpload,
  type CreateTask,
  findTask,
  openDownload,
  openUpload,
  Problem,
  type TaskStatus,
  type TaskView,
} from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aFile, anArtifact, aTask } from './views.js';

const pointersOf = ({ body }: { body: unknown }) =>
  (body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);

describe('a generation', () => {
  let gateway: TestGateway;
  let created: CreateTask[];
  let givenBack: string[];

  beforeAll(async () => {
    gateway = await aGateway();
    gateway.storage.answer(openUpload, async () => ({ upload_url: gateway.store.urlOf(randomUUID()) }));
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    created = [];
    givenBack = [];
    gateway.storage.answer(discardUpload, async ({ file_id, owner_id }) => {
      expect(owner_id).toBe(gateway.accountId);
      givenBack.push(file_id);
      return {};
    });
    gateway.store.uploads.clear();
    gateway.store.verdict = (_, bytes) => aFile({ size_bytes: bytes });
    gateway.task.answer(createTask, async (request) => {
      created.push(request);
      return { replayed: false, task: aTask({ task_id: request.task_id, prompt: request.prompt ?? null }) };
    });
  });

  const result = (about: Partial<TaskView>, query = '') => {
    gateway.task.answer(findTask, async ({ task_id }) => aTask({ task_id, ...about }));
    return gateway.http.get(`/generate/${randomUUID()}/result${query}`).set('authorization', gateway.bearer);
  };
  const generate = () => gateway.http.post('/generate').set('authorization', gateway.bearer);
  it('begins with a prompt', async () => {
    const body = { prompt: 'рыжая кошка', params: { seed: 42 }, output_formats: ['glb', 'fbx'], metadata: { a: 'b' } };
    const answer = await generate().send(body).expect(202);
    const { task_id } = answer.body as TaskView;
    expect(answer.headers.location).toBe(`/generate/${task_id}`);
    expect(created).toEqual([{ ...body, task_id, owner_id: gateway.accountId }]);
    expect(task_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it('counts a prompt in characters, not in bytes', async () => {
    await generate()
      .send({ prompt: '🐱'.repeat(2000) })
      .expect(202);
    expect(
      pointersOf(
        await generate()
          .send({ prompt: '🐱'.repeat(2001) })
          .expect(422),
      ),
    ).toEqual(['/prompt']);
  });

  it.each([
    ['an empty prompt', { prompt: '' }, '/prompt'],
    ['2001 characters', { prompt: 'a'.repeat(2001) }, '/prompt'],
    ['a control character', { prompt: 'a\u0000b' }, '/prompt'],
    ['a bad parameter', { prompt: 'a', params: { seed: -1 } }, '/params/seed'],
    ['an unknown parameter', { prompt: 'a', params: { speed: 1 } }, '/params/speed'],
    ['an unknown format', { prompt: 'a', output_formats: ['exe'] }, '/output_formats'],
    ['a file that has no id', { images: [{ file_id: 'x' }] }, '/images/0/file_id'],
    ['a mesh that has no id', { mesh: {} }, '/mesh/file_id'],
    ['five pictures', { images: Array.from({ length: 5 }, () => ({ file_id: randomUUID() })) }, '/images'],
    ['an owner of its own', { prompt: 'a', owner_id: randomUUID() }, '/owner_id'],
    ['an id of its own', { prompt: 'a', task_id: randomUUID() }, '/task_id'],
  ])('refuses %s', async (_, body, pointer) => {
    const answer = await generate().send(body).expect(422);
    expect(answer.body).toMatchObject({ code: 'invalid_parameters' });
    expect(pointersOf(answer)).toEqual([pointer]);
    expect(created).toEqual([]);
  });

  it('is refused with the reason and the wait that the task service gives', async () => {
    gateway.task.answer(createTask, async () => {
      throw new Problem('too_many_queued_tasks', 'At most 100 tasks may wait', { retryAfter: 7 });
    });
    const { body } = await generate().send({ prompt: 'a' }).expect(429).expect('retry-after', '7');
    expect(body).toMatchObject({ code: 'too_many_queued_tasks', detail: 'At most 100 tasks may wait' });
  });

  it('begins with pictures in a form, whatever the order of its parts', async () => {
    const named = randomUUID();
    await generate()
      .attach('image', Buffer.alloc(10), 'front.png')
      .field('params', '{"seed":42}')
      .field('images', JSON.stringify([{ file_id: named, view: 'back' }]))
      .attach('image', Buffer.alloc(20), 'left.png')
      .field('prompt', '42')
      .field('deadline_seconds', '60')
      .expect(202);
    expect([...gateway.store.uploads.values()].map(({ bytes }) => bytes)).toEqual([10, 20]);
    expect(created).toEqual([
      expect.objectContaining({
        prompt: '42',
        params: { seed: 42 },
        deadline_seconds: 60,
        images: [{ file_id: named, view: 'back' }, { file_id: expect.any(String) }, { file_id: expect.any(String) }],
      }),
    ]);
  });

  it('begins with a mesh, named or in a form beside pictures', async () => {
    const [named, formats] = [randomUUID(), ['stl', 'ply', 'usdz', '3mf']];
    await generate()
      .send({ model: 'convert', mesh: { file_id: named }, output_formats: formats })
      .expect(202);
    await generate()
      .field('model', 'convert')
      .attach('mesh', Buffer.alloc(30), 'chair.glb')
      .attach('image', Buffer.alloc(10), 'a.png')
      .expect(202);
    await generate()
      .field('mesh', JSON.stringify({ file_id: named }))
      .expect(202);
    expect([...gateway.store.uploads.values()].map(({ bytes }) => bytes)).toEqual([30, 10]);
    expect(created.map(({ mesh, images }) => [mesh, images?.length])).toEqual([
      [{ file_id: named }, undefined],
      [{ file_id: expect.any(String) }, 1],
      [{ file_id: named }, undefined],
    ]);
    expect(created[0]!.output_formats).toEqual(formats);
    expect(givenBack).toEqual([]);
  });

  it.each<[string, (form: ReturnType<typeof generate>) => typeof form]>([
    ['two meshes', (form) => form.attach('mesh', Buffer.from('y'), 'b.glb')],
    ['a mesh twice', (form) => form.field('mesh', JSON.stringify({ file_id: randomUUID() }))],
  ])('refuses a form with %s, and gives the first back', async (_, more) => {
    const answer = await more(generate().attach('mesh', Buffer.from('x'), 'a.glb')).expect(422);
    expect(pointersOf(answer)).toEqual(['/mesh']);
    expect(givenBack).toHaveLength(1);
  });

  it.each([
    ['a field that is no JSON', () => generate().field('params', '{seed:1}'), '/params'],
    ['an unknown field', () => generate().field('speed', '1'), '/speed'],
    ['an unknown file', () => generate().attach('picture', Buffer.from('x'), 'a.png'), '/picture'],
    ['a wrong type', () => generate().field('metadata', '5'), '/metadata'],
  ])('refuses a form with %s', async (_, call, pointer) => {
    expect(pointersOf(await call().expect(422))).toEqual([pointer]);
    expect(created).toEqual([]);
  });

  it('stores at most four pictures of a form', async () => {
    let call = generate();
    for (let sent = 0; sent < 5; sent++) call = call.attach('image', Buffer.from('x'), 'a.png');
    expect(pointersOf(await call.expect(422))).toEqual(['/images']);
    expect(gateway.store.uploads.size).toBe(4);
    expect(givenBack).toHaveLength(4);
  });

  it.each<[string, (form: ReturnType<typeof generate>) => typeof form, number]>([
    ['that ends with an unknown field', (form) => form.field('speed', '1'), 422],
    ['with a parameter that is out of range', (form) => form.field('params', '{"seed":-1}'), 422],
    ['for a model that there is not', (form) => form.field('model', 'none'), 422],
  ])('gives the pictures of a form back %s', async (_, rest, status) => {
    gateway.task.answer(createTask, async () => {
      throw new Problem('model_not_found');
    });
    await rest(generate().attach('image', Buffer.alloc(10), 'a.png').attach('image', Buffer.alloc(10), 'b.png')).expect(
      status,
    );
    expect(givenBack).toHaveLength(2);
  });

  it('keeps the pictures of a form when nobody knows whether there is a task', async () => {
    gateway.task.answer(createTask, async () => {
      throw new Problem('service_unavailable');
    });
    await generate().attach('image', Buffer.alloc(10), 'a.png').expect(503);
    expect(givenBack).toEqual([]);
  });

  it('answers a refused form although its pictures cannot be given back', async () => {
    gateway.storage.answer(discardUpload, async () => {
      throw new Problem('service_unavailable');
    });
    const form = generate().attach('image', Buffer.alloc(10), 'a.png').field('speed', '1');
    expect(pointersOf(await form.expect(422))).toEqual(['/speed']);
  });

  it('refuses a field that is longer than any body may be', async () => {
    const { body } = await generate().field('prompt', 'x'.repeat(100_000)).expect(413);
    expect(body).toMatchObject({ code: 'payload_too_large' });
  });

  it('can be canceled: 202 when that changed it, 200 when it had been, 409 when it was too late', async () => {
    const task = aTask({ status: 'canceled' });
    const cancel = () => gateway.http.post(`/generate/${task.task_id}/cancel`).set('authorization', gateway.bearer);
    gateway.task.answer(cancelTask, async () => ({ changed: true, task }));
    expect((await cancel().expect(202)).body).toEqual(task);
    gateway.task.answer(cancelTask, async () => ({ changed: false, task }));
    expect((await cancel().expect(200)).body).toEqual(task);
    gateway.task.answer(cancelTask, async () => {
      throw new Problem('task_already_finished', undefined, { members: { task_status: 'succeeded' } });
    });
    expect((await cancel().expect(409)).body).toMatchObject({
      code: 'task_already_finished',
      task_status: 'succeeded',
    });
  });

  describe('has a result', () => {
    const [glb, fbx] = [anArtifact('glb'), anArtifact('fbx')];
    const finished = {
      status: 'succeeded',
      output_formats: ['fbx', 'glb'],
      artifacts: [glb, fbx],
    } as Partial<TaskView>;

    beforeAll(() => {
      gateway.store.objects.set(glb.file_id, Buffer.from('glTF'));
      gateway.store.objects.set(fbx.file_id, Buffer.from('Kayd'));
      gateway.storage.answer(openDownload, async ({ file_id }) => ({
        file: aFile({ file_id, size_bytes: 4, media_type: 'text/plain' }),
        download_url: gateway.store.urlOf(file_id),
      }));
    });

    it('in the first format asked for, or another it has', async () => {
      expect((await result(finished).expect(200)).text).toBe('Kayd');
      expect((await result(finished, '?format=glb').expect(200)).text).toBe('glTF');
      expect((await result(finished).set('range', 'bytes=0-1').expect(206)).text).toBe('Ka');
    });

    it('that HEAD describes', async () => {
      gateway.store.downloads.length = 0;
      gateway.task.answer(findTask, async ({ task_id }) => aTask({ task_id, ...finished }));
      const path = `/generate/${randomUUID()}/result`;
      const { headers } = await gateway.http.head(path).set('authorization', gateway.bearer).expect(200);
      expect(headers['content-length']).toBe('4');
      expect(gateway.store.downloads).toEqual([]);
    });

    it.each(['?format=obj', '?format=exe', '?format=', '?format=glb&format=fbx'])('but not as %s', async (query) => {
      const { body } = await result(finished, query).expect(404);
      expect(body).toMatchObject({ code: 'format_not_available', formats: ['glb', 'fbx'] });
    });

    it.each([
      ['queued', 'task_not_finished'],
      ['running', 'task_not_finished'],
      ['canceling', 'task_not_finished'],
      ['failed', 'task_failed'],
      ['canceled', 'task_canceled'],
      ['expired', 'task_expired'],
    ] as [TaskStatus, string][])('never while it is %s', async (status, code) => {
      const { body } = await result({ status }).expect(409);
      expect(body).toMatchObject({ code, status: 409, task_status: status });
    });
  });
});
