import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { openUpload, Problem } from '#contracts';
import { eventually } from '#testing';
import { aGateway, type TestGateway } from './a-gateway.js';
import { aFile } from './views.js';

const maxBytes = 200_000;

describe('an upload', () => {
  let gateway: TestGateway;
  const opened = jest.fn();

  beforeAll(async () => {
    gateway = await aGateway({ UPLOAD_MAX_BYTES: String(maxBytes) });
    gateway.storage.answer(openUpload, async (request) => {
      opened(request);
      return { upload_url: gateway.store.urlOf(randomUUID()) };
    });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    opened.mockClear();
    gateway.store.uploads.clear();
    gateway.store.refuseAtOnce = undefined;
    gateway.store.verdict = (_, bytes) => aFile({ size_bytes: bytes });
  });

  const upload = () => gateway.http.post('/upload').set('authorization', gateway.bearer);
  const received = () => [...gateway.store.uploads.values()];

  it('becomes a file, under the name its owner gave it', async () => {
    const bytes = Buffer.alloc(150_000, 7);
    const { body, headers } = await upload()
      .set('x-request-id', 'upload-1')
      .attach('file', bytes, { filename: 'рыжая кошка.png' })
      .expect(201);
    expect(body).toMatchObject({ size_bytes: bytes.length });
    expect(headers.location).toBe(`/files/${(body as { file_id: string }).file_id}`);
    expect(opened).toHaveBeenCalledWith({ owner_id: gateway.accountId, filename: 'рыжая кошка.png' });
    expect(received()).toEqual([{ bytes: bytes.length, state: 'complete', requestId: 'upload-1' }]);
  });

  it('may be exactly as long as the limit, and may be empty', async () => {
    await upload().attach('file', Buffer.alloc(maxBytes), 'a.png').expect(201);
    await upload().attach('file', Buffer.alloc(0), 'a.png').expect(201);
    expect(received().map(({ bytes }) => bytes)).toEqual([maxBytes, 0]);
  });

  it('is refused one byte beyond the limit, which is named, and leaves nothing', async () => {
    const { body } = await upload()
      .attach('file', Buffer.alloc(maxBytes + 1), 'a.png')
      .expect(413);
    expect(body).toMatchObject({ code: 'file_too_large', max_bytes: maxBytes });
    await eventually(() => expect(received()).toEqual([expect.objectContaining({ state: 'broken' })]));
  });

  it('is refused with the reason of the storage service', async () => {
    gateway.store.verdict = () => new Problem('invalid_image', 'The picture is broken');
    const { body } = await upload().attach('file', Buffer.from('x'), 'a.png').expect(422);
    expect(body).toMatchObject({ code: 'invalid_image', detail: 'The picture is broken' });
  });

  it('is refused as soon as the storage service knows, not when all of it has come', async () => {
    gateway.store.refuseAtOnce = new Problem('unsupported_media_type', 'Only pictures');
    const client = beginUpload();
    client.write(Buffer.alloc(10_000));
    const answered = once(client, 'response');
    const feed = setInterval(() => client.write(Buffer.alloc(1000)), 20);
    const [response] = (await answered) as [IncomingMessage];
    clearInterval(feed);
    expect(response.statusCode).toBe(415);
    client.destroy();
  });

  it.each([
    ['keep-alive', 'open'],
    ['close', 'closed'],
  ])('is refused while it is sent, and its sender may end and see why: %s', async (connection, state) => {
    const [size, chunk] = [20_000_000, Buffer.alloc(100_000)];
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    const failures: string[] = [];
    let answer = '';
    socket.on('error', (error) => failures.push(error.message));
    socket.on('data', (bytes) => (answer += bytes.toString('latin1')));
    const head = ['POST /upload HTTP/1.1', 'host: a', `connection: ${connection}`, `content-length: ${size}`];
    socket.write(`${[...head, 'content-type: multipart/form-data; boundary=a'].join('\r\n')}\r\n\r\n`);
    for (let sent = 0; sent < size && failures.length === 0; sent += chunk.length) {
      await new Promise((resolve) => socket.write(chunk, resolve));
    }
    await eventually(() => expect(answer).toMatch(/^HTTP\/1\.1 401 /));
    expect(failures).toEqual([]);
    await eventually(() => expect(socket.readyState).toBe(state));
    socket.destroy();
  });

  it.each([
    ['no part', () => upload().field('other', 'x')],
    ['a file of another name', () => upload().attach('image', Buffer.from('x'), 'a.png')],
    ['text in the place of the file', () => upload().field('file', 'x')],
  ])('needs its file: %s', async (_, call) => {
    const { body } = await call().expect(422);
    expect(body).toMatchObject({ code: 'file_missing' });
    expect(opened).not.toHaveBeenCalled();
  });

  it.each([
    [
      'a second file',
      () => upload().attach('file', Buffer.from('x'), 'a.png').attach('file', Buffer.from('y'), 'b.png'),
    ],
    ['a field', () => upload().attach('file', Buffer.from('x'), 'a.png').field('owner_id', randomUUID())],
  ])('has nothing beside its file: %s undoes it', async (_, call) => {
    const { body } = await call().expect(422);
    expect(body).toMatchObject({ code: 'invalid_parameters' });
    await eventually(() => expect(received().filter(({ state }) => state !== 'broken')).toEqual([]));
  });

  it.each([
    ['application/json', '{}', 415],
    ['multipart/form-data', 'x', 400],
    ['multipart/form-data; boundary=a', '--a\r\nnonsense', 400],
    ['multipart/form-data; boundary=a', '', 422],
    [
      'multipart/form-data; boundary=a',
      '--a\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nno end',
      400,
    ],
  ])('is a form: %s with %j is refused', async (type, body, status) => {
    await upload()
      .set('content-type', type)
      .send(body)
      .expect(status)
      .expect('content-type', 'application/problem+json');
    expect(received().filter(({ state }) => state === 'complete')).toEqual([]);
  });

  it('is passed on while it is still coming, and is nothing when its sender goes away', async () => {
    const client = beginUpload();
    client.write(Buffer.alloc(100_000));
    await eventually(() => expect(received()).toEqual([expect.objectContaining({ bytes: 100_000, state: 'open' })]));
    client.destroy();
    await eventually(() => expect(received()).toEqual([expect.objectContaining({ state: 'broken' })]));
  });

  it('is a 503 while no storage service is there, and the connection stays good for the next request', async () => {
    gateway.storage.answer(openUpload, async () => ({ upload_url: 'http://127.0.0.1:9/nobody' }));
    const { body, headers } = await upload().attach('file', Buffer.alloc(maxBytes), 'a.png').expect(503);
    expect(body).toMatchObject({ code: 'service_unavailable' });
    expect(headers['retry-after']).toBe('2');
    await gateway.http.get('/health/live').expect(200);
  });

  /** An upload by hand: the head of the form is sent, the bytes are the test's to send. */
  function beginUpload(): ClientRequest {
    const client = httpRequest(`${gateway.url}/upload`, {
      method: 'POST',
      headers: { authorization: gateway.bearer, 'content-type': 'multipart/form-data; boundary=a' },
    });
    client.on('error', () => {});
    client.write('--a\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\n');
    return client;
  }
});
