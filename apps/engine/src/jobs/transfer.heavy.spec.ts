import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { FaultProxy } from '../../../../tools/faults/proxy/fault-proxy.js';
import { download, sha256, upload } from './transfer.js';

const content = Buffer.from('a picture');
const patienceMs = 300;

describe('a transfer over a connection that goes dead without a word', () => {
  let store: Server;
  let proxy: FaultProxy;
  let stored = '';

  beforeAll(async () => {
    store = createServer((request, answer) => void serve(request, answer));
    await new Promise<void>((resolve) => {
      store.listen(0, '127.0.0.1', resolve);
    });
    proxy = await FaultProxy.open({ host: '127.0.0.1', port: (store.address() as AddressInfo).port });
  });

  afterAll(async () => {
    await proxy.close();
    store.closeAllConnections();
    store.close();
  });

  const serve = async (request: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const body = await text(request);
    if (request.method === 'PUT') stored = body;
    answer.end(request.method === 'PUT' ? '' : content);
  };
  const url = (): string => `http://127.0.0.1:${proxy.port}/object`;
  const input = () => ({
    name: 'front.png',
    url: url(),
    content_type: 'image/png',
    bytes: content.length,
    sha256: sha256(content),
  });
  const deadForAWhile = (): void => {
    proxy.disturb({ halfOpen: true });
    setTimeout(() => proxy.heal(), patienceMs / 2); // new connections work then; the dead one stays dead
  };

  it('reads on another one', async () => {
    await download(input(), patienceMs);
    deadForAWhile();
    expect(Buffer.from(await download(input(), patienceMs))).toEqual(content);
  });

  it('writes on another one', async () => {
    const output = { name: 'model.glb', format: 'glb', url: url(), max_bytes: 100 };
    deadForAWhile();
    expect(await upload(output, content, undefined, patienceMs)).toMatchObject({ bytes: content.length });
    expect(stored).toBe(content.toString());
  });
});
