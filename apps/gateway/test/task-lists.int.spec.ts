import { randomUUID } from 'node:crypto';
import { type ListTasks, listTasks, Problem, removeTask, type TaskOfOwner } from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aTask } from './views.js';

describe('the tasks of an account', () => {
  let gateway: TestGateway;
  let asked: ListTasks[];
  const page = { items: [aTask(), aTask({ status: 'failed' })], next_cursor: 'bmV4dA' };
  beforeAll(async () => {
    gateway = await aGateway();
    gateway.task.answer(listTasks, async (request) => {
      asked.push(request);
      return page;
    });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    asked = [];
  });

  const list = (query = '') => gateway.http.get(`/generate${query}`).set('authorization', gateway.bearer);
  const owner_id = () => gateway.accountId;

  it('are listed page by page', async () => {
    expect((await list().expect(200)).body).toEqual(page);
    await list('?limit=2&cursor=bmV4dA').expect(200);
    expect(asked).toEqual([
      { owner_id: owner_id(), limit: 20 },
      { owner_id: owner_id(), limit: 2, cursor: 'bmV4dA' },
    ]);
  });

  it.each(['queued', 'canceling', 'expired'])('can be asked for that are %s', async (status) => {
    await list(`?status=${status}`).expect(200);
    expect(asked).toEqual([{ owner_id: owner_id(), limit: 20, status }]);
  });

  it.each([
    ['?status=done', '/status'],
    ['?status=', '/status'],
    ['?status=queued&status=failed', '/status'],
    ['?limit=0', '/limit'],
    ['?limit=101', '/limit'],
    ['?cursor=%00', '/cursor'],
  ])('are not listed for %s: a 422 that names it', async (query, pointer) => {
    const { body } = await list(query).expect(422);
    expect(body).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer }] });
    expect(asked).toEqual([]);
  });

  it('are nobody else’s, whatever the query says', async () => {
    await list(`?owner_id=${randomUUID()}`).expect(200);
    expect(asked).toEqual([{ owner_id: owner_id(), limit: 20 }]);
  });

  it('can be removed: 204 without a body, or the refusal of the service', async () => {
    const removed: TaskOfOwner[] = [];
    gateway.task.answer(removeTask, async (request) => {
      removed.push(request);
      return {};
    });
    const task_id = randomUUID();
    const remove = (id: string) => gateway.http.delete(`/generate/${id}`).set('authorization', gateway.bearer);
    const { text, headers } = await remove(task_id).expect(204);
    expect(text).toBe('');
    expect(headers).not.toHaveProperty('content-type');
    expect(removed).toEqual([{ task_id, owner_id: owner_id() }]);
    gateway.task.answer(removeTask, async () => {
      throw new Problem('not_found');
    });
    expect((await remove(randomUUID()).expect(404)).body).toMatchObject({ code: 'not_found' });
  });
});
