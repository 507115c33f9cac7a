import { randomUUID } from 'node:crypto';
import { findTask, listFiles, openDownload, Problem, removeFile } from '#contracts';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aFile, anArtifact, aTask } from './views.js';

describe("an account's files", () => {
  let gateway: TestGateway;
  const asked = jest.fn();

  beforeAll(async () => {
    gateway = await aGateway();
  });
  afterAll(() => gateway.stop());
  beforeEach(() => asked.mockClear());

  const call = (method: 'get' | 'head' | 'delete', path: string) =>
    gateway.http[method](path).set('authorization', gateway.bearer).redirects(0);

  describe('as a list', () => {
    const page = { items: [aFile(), aFile({ kind: 'model' })], next_cursor: 'bmV4dA' };
    beforeAll(() => {
      gateway.storage.answer(listFiles, async (request) => {
        asked(request);
        return page;
      });
    });

    it.each([
      ['', { limit: 20 }],
      ['?limit=5&cursor=abc', { limit: 5, cursor: 'abc' }],
      ['?kind=model', { limit: 20, kind: 'model' }],
    ])('are asked for page by page: %s', async (query, wanted) => {
      const { body } = await call('get', `/files${query}`).expect(200);
      expect(body).toEqual(page);
      expect(asked).toHaveBeenCalledWith({ ...wanted, owner_id: gateway.accountId });
    });

    it.each([
      ['?kind=secret', '/kind'],
      ['?kind=', '/kind'],
      ['?kind=model&kind=input', '/kind'],
      ['?limit=0', '/limit'],
      ['?cursor=%2F', '/cursor'],
    ])('are asked for properly: %s', async (query, pointer) => {
      const { body } = await call('get', `/files${query}`).expect(422);
      expect(body).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer }] });
      expect(asked).not.toHaveBeenCalled();
    });
  });

  describe('that are not wanted any more', () => {
    it('are removed for their owner', async () => {
      const file_id = randomUUID();
      gateway.storage.answer(removeFile, async (request) => {
        asked(request);
        return {};
      });
      const { text } = await call('delete', `/files/${file_id}`).expect(204);
      expect(text).toBe('');
      expect(asked).toHaveBeenCalledWith({ owner_id: gateway.accountId, file_id });
    });

    it.each([
      ['not_found', 404],
      ['file_in_use', 409],
    ] as const)('stay when the storage service says %s', async (code, status) => {
      gateway.storage.answer(removeFile, async () => {
        throw new Problem(code, 'A reason');
      });
      const { body } = await call('delete', `/files/${randomUUID()}`).expect(status);
      expect(body).toMatchObject({ code, detail: 'A reason' });
    });
  });

  describe('that the store gives away itself', () => {
    const file = aFile({ size_bytes: 3 });
    const publicUrl = 'https://store.example/bucket/one?X-Amz-Signature=abc';
    const [byFile, byTask] = [`/files/${file.file_id}`, `/generate/${randomUUID()}/result`];
    let deployed: { public_url?: string };

    beforeAll(() => {
      gateway.store.objects.set(file.file_id, Buffer.from('abc'));
      gateway.task.answer(findTask, async ({ task_id }) =>
        aTask({ task_id, status: 'succeeded', artifacts: [anArtifact('glb', { file_id: file.file_id })] }),
      );
      gateway.storage.answer(openDownload, async ({ redirect }) => {
        asked(redirect);
        return { file, download_url: gateway.store.urlOf(file.file_id), ...deployed };
      });
    });
    beforeEach(() => {
      deployed = { public_url: publicUrl };
      gateway.store.downloads.length = 0;
    });

    it.each([byFile, byTask])('are at an address that nobody keeps: %s', async (path) => {
      const { headers, body } = await call('get', `${path}?redirect=true`).expect(302);
      expect(headers).toMatchObject({
        location: publicUrl,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      });
      expect(headers).not.toHaveProperty('etag');
      expect(body).toEqual({});
      expect(asked).toHaveBeenCalledWith(true);
      expect(gateway.store.downloads).toEqual([]);
    });

    it.each([byFile, byTask])('are described here: HEAD %s', async (path) => {
      const { headers } = await call('head', `${path}?redirect=true`).expect(200);
      expect(headers['content-length']).toBe('3');
      expect(headers).not.toHaveProperty('location');
    });

    it.each(['', '?redirect=false'])('come from here when nothing else is asked for: %s', async (query) => {
      await call('get', `${byFile}${query}`).expect(200);
      expect(asked).toHaveBeenCalledWith(false);
    });

    it('come from here where there is no such store', async () => {
      deployed = {};
      const { headers } = await call('get', `${byTask}?redirect=true&format=glb`).expect(200);
      expect(headers['content-length']).toBe('3');
      expect(gateway.store.downloads).toHaveLength(1);
    });

    it('are not sent for when the client has them', async () => {
      const { headers } = await call('get', `${byFile}?redirect=true`)
        .set('if-none-match', `"${file.sha256}"`)
        .expect(304);
      expect(headers).not.toHaveProperty('location');
    });

    it.each(['1', '', 'TRUE', 'true&redirect=true', 'https://evil.example'])(
      'are sent nowhere else: redirect=%s',
      async (value) => {
        for (const path of [byFile, byTask]) {
          const { body } = await call('get', `${path}?redirect=${value}`).expect(422);
          expect(body).toMatchObject({ code: 'invalid_parameters', errors: [{ pointer: '/redirect' }] });
        }
      },
    );
  });
});
