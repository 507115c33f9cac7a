import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { JobFilesClient } from '../src/transports/server/job-files.client.js';
import { sha256, Store } from './store.js';

const content = Buffer.from('a picture');
const files = new JobFilesClient();

describe('the files of a job', () => {
  const store = new Store();
  const folder = mkdtempSync(path.join(tmpdir(), 'lathe-test-'));
  const file = path.join(folder, 'raw.glb');
  const { signal } = new AbortController();
  const read = (name: string, about: object = {}): Promise<Uint8Array> =>
    files.read(
      {
        name,
        url: `${store.url}/${name}`,
        content_type: 'image/png',
        bytes: content.length,
        sha256: sha256(content),
        ...about,
      },
      signal,
    );
  const write = (heard = jest.fn()): Promise<void> => {
    const headers = { 'if-none-match': '*' };
    const output = { name: 'raw.glb', format: 'glb', url: `${store.url}/raw.glb`, headers, max_bytes: 1000 };
    return files.write(output, file, content.length, { signal, heard });
  };

  beforeAll(async () => {
    await store.start();
    store.files.set('/front.png', content);
    writeFileSync(file, content);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await store.stop();
  });

  it('are read, also when the store hesitates', async () => {
    store.trap(/GET \/front/, { status: 503 }, 1);
    expect(Buffer.from(await read('front.png'))).toEqual(content);
  });

  it.each([
    ['are not there', 'back.png', {}],
    ['are longer than announced', 'front.png', { bytes: content.length - 1 }],
    ['are shorter than announced', 'front.png', { bytes: content.length + 1 }],
    ['are something else', 'front.png', { sha256: 'f'.repeat(64) }],
  ])('are refused when they %s', async (_, name, about) => {
    await expect(read(name, about)).rejects.toMatchObject({ code: 'input_unavailable' });
  });

  it('are written with their length and the headers that were signed, also when the store hesitates', async () => {
    const heard = jest.fn();
    store.trap(/PUT/, 'drop', 1);
    await write(heard);
    expect(store.files.get('/raw.glb')).toEqual(content);
    expect(heard).toHaveBeenCalled();
    expect(store.heard.at(-1)!.headers).toMatchObject({ 'content-length': '9', 'if-none-match': '*' });
  });

  it('are given up when the store does not take them', async () => {
    store.trap(/PUT/, { status: 403 }, 1);
    await expect(write()).rejects.toMatchObject({ code: 'internal' });
  });
});
