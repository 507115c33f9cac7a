import { randomUUID } from 'node:crypto';
import { type ConvertTask, convertTask, Problem, type ProblemCode } from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aTask } from './views.js';

describe('a conversion', () => {
  let gateway: TestGateway;
  let asked: ConvertTask[];
  const source = randomUUID();

  beforeAll(async () => {
    gateway = await aGateway();
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    asked = [];
    gateway.task.answer(convertTask, async (request) => {
      asked.push(request);
      const { task_id, source_task_id } = request;
      return { replayed: asked.length > 1, task: aTask({ task_id, source_task_id, model: 'convert', prompt: null }) };
    });
  });

  const convert = (body: object, { of = source, key }: { of?: string; key?: string } = {}) => {
    const call = gateway.http.post(`/generate/${of}/convert`).set('authorization', gateway.bearer);
    return (key === undefined ? call : call.set('idempotency-key', key)).send(body);
  };

  it('is a new task, about the one in the address', async () => {
    const body = {
      output_formats: ['stl', '3mf', 'usdz', 'ply'],
      target_polycount: 5000,
      texture_resolution: 512,
      size_mm: 80.5,
      up_axis: 'z',
      compression: 'draco',
      priority: 'high',
      metadata: { a: 'b' },
    };
    const answer = await convert(body).expect(202);
    const [request] = asked;
    expect(request).toEqual({
      ...body,
      owner_id: gateway.accountId,
      source_task_id: source,
      task_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    });
    expect(request!.task_id).not.toBe(source);
    expect(answer.headers.location).toBe(`/generate/${request!.task_id}`);
    expect(answer.body).toMatchObject({ task_id: request!.task_id, source_task_id: source });
  });

  it('with a key goes on with a fingerprint of the body and of the task', async () => {
    const body = { output_formats: ['stl'] };
    await convert(body, { key: 'k' }).expect(202);
    const again = await convert(body, { key: 'k' }).expect(202).expect('idempotent-replayed', 'true');
    expect(again.headers.location).toBe(`/generate/${(again.body as { task_id: string }).task_id}`);
    await convert({ ...body, size_mm: 1 }, { key: 'k' });
    await convert(body, { key: 'k', of: randomUUID() });
    const [first, second, ...others] = asked.map(({ idempotency }) => idempotency!.fingerprint);
    expect(first).toBe(second);
    expect(new Set([first, ...others]).size).toBe(3);
    await convert(body, { key: '' }).expect(422);
  });

  it.each<[string, object, string]>([
    ['nothing', {}, '/output_formats'],
    ['no format', { output_formats: [] }, '/output_formats'],
    ['an unknown format', { output_formats: ['exe'] }, '/output_formats'],
    ['too few triangles', { output_formats: ['glb'], target_polycount: 1 }, '/target_polycount'],
    ['a size of nothing', { output_formats: ['glb'], size_mm: 0 }, '/size_mm'],
    ['an axis that is none', { output_formats: ['glb'], up_axis: 'x' }, '/up_axis'],
    ['an unknown packing', { output_formats: ['glb'], compression: 'zip' }, '/compression'],
    ['another mesh', { output_formats: ['glb'], mesh: { file_id: randomUUID() } }, '/mesh'],
    ['a source of its own', { output_formats: ['glb'], source_task_id: randomUUID() }, '/source_task_id'],
  ])('is refused with %s', async (_, body, pointer) => {
    const answer = await convert(body).expect(422);
    expect(answer.body).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer }] });
    expect(asked).toEqual([]);
  });

  it('takes JSON and nothing else', async () => {
    const call = () => gateway.http.post(`/generate/${source}/convert`).set('authorization', gateway.bearer);
    await call().field('output_formats', '["glb"]').expect(415);
    await call().set('content-type', 'application/json').send('{').expect(400);
    await convert({ output_formats: ['glb'] }, { of: 'none' }).expect(404);
    expect(asked).toEqual([]);
  });

  it.each<[ProblemCode, number]>([
    ['not_found', 404],
    ['task_not_finished', 409],
    ['task_failed', 409],
    ['task_canceled', 409],
    ['task_expired', 409],
    ['too_many_queued_tasks', 429],
    ['service_unavailable', 503],
  ])('is refused as the task service does: %s', async (code, status) => {
    gateway.task.answer(convertTask, async () => {
      throw new Problem(code, 'A reason', { members: { task_status: 'x' } });
    });
    const { body } = await convert({ output_formats: ['stl'] }).expect(status);
    expect(body).toMatchObject({ code, detail: 'A reason', task_status: 'x' });
  });
});
