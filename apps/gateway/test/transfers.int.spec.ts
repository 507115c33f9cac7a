import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, get as httpGet, type IncomingMessage, request as httpRequest } from 'node:http';
import { listModels, openDownload, openUpload } from '#contracts';
import { eventually } from '#testing';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aToken } from './tokens.js';
import { aFile } from './views.js';

describe('transfers', () => {
  let gateway: TestGateway;
  let stranger: string;
  /** What the store gives: so many zeros. */
  let size: number;
  const id = randomUUID();

  const begin = (settings: Record<string, string>) => async (): Promise<void> => {
    gateway = await aGateway({ RATE_LIMITS: 'off', UPLOAD_MAX_BYTES: String(200 * 1024 * 1024), ...settings });
    stranger = `Bearer ${aToken({ key: gateway.key })}`;
    gateway.storage
      .answer(openDownload, async () => {
        gateway.store.objects.set(id, size);
        return { file: aFile({ size_bytes: size }), download_url: gateway.store.urlOf(id) };
      })
      .answer(openUpload, async () => ({ upload_url: gateway.store.urlOf(randomUUID()) }));
    gateway.task.answer(listModels, async () => ({ models: [] }));
    gateway.store.verdict = (_, bytes) => aFile({ size_bytes: bytes });
  };
  beforeEach(() => {
    size = 1000;
    gateway.store.ailment = 'none';
    gateway.store.downloads.length = 0;
    gateway.store.uploads.clear();
  });

  const fetchFile = (authorization = gateway.bearer) =>
    gateway.http.get(`/files/${randomUUID()}`).set('authorization', authorization);

  async function openFile(authorization = gateway.bearer): Promise<IncomingMessage> {
    const client = httpGet(`${gateway.url}/files/${randomUUID()}`, { headers: { authorization } });
    client.on('error', () => {});
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    response.on('error', () => {});
    return response;
  }

  function beginUpload(authorization = gateway.bearer): ClientRequest {
    const headers = { authorization, 'content-type': 'multipart/form-data; boundary=a' };
    const client = httpRequest(`${gateway.url}/upload`, { method: 'POST', headers });
    client.on('error', () => {});
    client.write('--a\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\nx');
    return client;
  }

  const statusOf = async (client: ClientRequest): Promise<number> => {
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    client.destroy();
    return response.statusCode!;
  };

  describe('at once', () => {
    beforeAll(
      begin({ MAX_DOWNLOADS: '3', MAX_DOWNLOADS_PER_ACCOUNT: '2', MAX_UPLOADS: '3', MAX_UPLOADS_PER_ACCOUNT: '2' }),
    );
    afterAll(() => gateway.stop());

    it('are so many downloads at once, of an account and of all', async () => {
      gateway.store.ailment = 'never-ends';
      const [first, second] = await Promise.all([openFile(), openFile()]);
      const own = await fetchFile().expect(429).expect('retry-after', '5');
      expect(own.body).toMatchObject({
        code: 'too_many_requests',
        detail: 'At most 2 downloads of an account at once',
      });
      await gateway.http.head(`/files/${randomUUID()}`).set('authorization', gateway.bearer).expect(200);
      const other = await openFile(stranger);
      const all = await fetchFile(`Bearer ${aToken({ key: gateway.key })}`).expect(503);
      expect(all.body).toMatchObject({ code: 'service_unavailable', detail: 'Too many downloads at once' });
      expect(all.headers['retry-after']).toBe('2');
      first.destroy();
      const next = await eventually(async () => {
        const response = await openFile();
        expect(response.statusCode).toBe(200);
        return response;
      });
      for (const response of [second, next, other]) response.destroy();
      await eventually(() => expect(gateway.store.downloads.every(({ closed }) => closed)).toBe(true));
    });

    it('are so many uploads at once, of an account and of all', async () => {
      const open = [beginUpload(), beginUpload()];
      await eventually(() => expect(gateway.store.uploads.size).toBe(2));
      expect(await statusOf(beginUpload())).toBe(429);
      open.push(beginUpload(stranger));
      await eventually(() => expect(gateway.store.uploads.size).toBe(3));
      expect(await statusOf(beginUpload(`Bearer ${aToken({ key: gateway.key })}`))).toBe(503);
      const [ended] = open;
      ended!.end('\r\n--a--\r\n');
      expect(await statusOf(ended!)).toBe(201);
      const next = beginUpload();
      next.end('\r\n--a--\r\n');
      expect(await statusOf(next)).toBe(201);
      for (const client of open) client.destroy();
    });
  });

  describe('that stand still', () => {
    beforeAll(begin({ TRANSFER_IDLE_SECONDS: '1' }));
    afterAll(() => gateway.stop());

    it('end when the client reads nothing, and let go of the store', async () => {
      size = 256 * 1024 * 1024;
      const response = await openFile();
      response.pause();
      const closed = once(response.socket, 'close');
      await eventually(
        () => expect(gateway.store.downloads).toEqual([expect.objectContaining({ closed: true })]),
        5000,
      );
      expect(gateway.store.downloads[0]!.sent).toBeLessThan(size / 4);
      response.destroy();
      await closed;
    });

    it('end when the client sends nothing, and leave nothing', async () => {
      expect(await statusOf(beginUpload())).toBe(400);
      await eventually(() =>
        expect([...gateway.store.uploads.values()]).toEqual([expect.objectContaining({ state: 'broken' })]),
      );
    });

    it('end when the store stands still, and let go of it', async () => {
      gateway.store.ailment = 'never-ends';
      const response = await openFile();
      await new Promise((resolve) => response.resume().on('close', resolve));
      expect(response.complete).toBe(false);
      await eventually(() => expect(gateway.store.downloads).toEqual([expect.objectContaining({ closed: true })]));
    });
  });

  describe('of a store in trouble', () => {
    beforeAll(begin({ STORE_TIMEOUT_MS: '1000' }));
    afterAll(() => gateway.stop());

    it('go on while single files are missing from the store', async () => {
      gateway.store.ailment = 'refuses';
      for (const _ of [1, 2, 3, 4, 5, 6]) await fetchFile().expect(503);
      gateway.store.ailment = 'none';
      expect(await fetchFile()).toMatchObject({ status: 200 });
    });

    it('end with their client, even before the store has answered, and that is not the fault of the store', async () => {
      gateway.store.ailment = 'says-nothing';
      for (let gone = 0; gone < 6; gone++) {
        const client = httpGet(`${gateway.url}/files/${randomUUID()}`, { headers: { authorization: gateway.bearer } });
        client.on('error', () => {});
        await eventually(() => expect(gateway.store.downloads).toHaveLength(gone + 1));
        client.destroy();
        await eventually(() => expect(gateway.store.downloads[gone]!.closed).toBe(true), 900);
      }
      gateway.store.ailment = 'none';
      await fetchFile().expect(200);
    });

    it.each(['fails', 'says-nothing'] as const)(
      'spare a store that %s: refusals come at once, and nothing else suffers',
      async (ailment) => {
        await eventually(() => fetchFile().expect(200)); // also after the trouble before
        gateway.store.downloads.length = 0;
        gateway.store.ailment = ailment;
        for (const _ of [1, 2, 3, 4, 5]) await fetchFile().expect(503).expect('retry-after', '2');
        const begun = performance.now();
        const { body } = await fetchFile().expect(503).expect('retry-after', '2');
        await gateway.http.get('/models').expect(200);
        await gateway.http.head(`/files/${randomUUID()}`).set('authorization', gateway.bearer).expect(200);
        expect(performance.now() - begun).toBeLessThan(1000);
        expect(body).toMatchObject({ code: 'service_unavailable' });
        const files = gateway.store.downloads.filter(({ path }) => path !== '/'); // whoever asks for that only knocks
        expect(files).toHaveLength(5);
      },
    );
  });
});
