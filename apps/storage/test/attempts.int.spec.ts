import { createHash, randomUUID } from 'node:crypto';
import {
  adoptArtifacts,
  type AdoptArtifacts,
  type AttemptFiles,
  countFiles,
  type DeliveredArtifact,
  findFile,
  openAttempt,
  openDownload,
} from '#contracts';
import { aPicture } from './pictures.js';
import { keysBelow, type StorageServers, storageServers } from './storage-service.js';
import { upload } from './uploading.js';

let storage: StorageServers;

beforeAll(async () => {
  storage = await storageServers();
  await Promise.all([
    storage.start({ MAX_ARTIFACT_BYTES: 5_000_000 }),
    storage.start({ MAX_ARTIFACT_BYTES: 5_000_000 }),
  ]);
}, 60_000);
afterAll(() => storage.drop());

/** What a worker makes, by the name and the format of the output. */
const outputs = {
  'model.glb': { format: 'glb', bytes: Buffer.from('glTF\u0002\0\0\0 and the rest of a model') },
  'model.obj.zip': { format: 'obj.zip', bytes: Buffer.from('PK\u0003\u0004 and the rest of an archive') },
  'model.fbx': { format: 'fbx', bytes: Buffer.from('Kaydara FBX Binary  \0\u001a\0 and the rest') },
} as const;
type OutputName = keyof typeof outputs;
const names = Object.keys(outputs) as OutputName[];

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const said = (name: string, format: string, bytes: Buffer): DeliveredArtifact => ({
  name,
  format,
  bytes: bytes.length,
  sha256: sha256(bytes),
});
type Attempt = Pick<AdoptArtifacts, 'owner_id' | 'task_id' | 'attempt'>;
const anAttempt = (): Attempt => ({ owner_id: randomUUID(), task_id: randomUUID(), attempt: 1 });

const openFor = (attempt: Attempt, inputs: string[] = []): Promise<AttemptFiles> =>
  storage.rpc.call(openAttempt, {
    ...attempt,
    inputs: inputs.map((file_id) => ({ file_id })),
    outputs: [...names.map((name) => ({ name, format: outputs[name].format })), { name: 'preview.png', format: 'png' }],
    expires_seconds: 600,
  });

/** Writes through the presigned address, as a worker does. */
async function write(files: AttemptFiles, name: string, bytes: Buffer): Promise<void> {
  const { url } = files.outputs.find((output) => output.name === name)!;
  expect((await fetch(url, { method: 'PUT', body: bytes as unknown as string })).status).toBe(200);
}

const adopt = (request: AdoptArtifacts) => storage.rpc.call(adoptArtifacts, request);

/** An attempt whose worker has delivered everything, and the request that adopts it. */
async function aDelivery(attempt = anAttempt()): Promise<AdoptArtifacts> {
  const files = await openFor(attempt);
  await Promise.all(names.map((name) => write(files, name, outputs[name].bytes)));
  return { ...attempt, artifacts: names.map((name) => said(name, outputs[name].format, outputs[name].bytes)) };
}

const leftovers = async ({ task_id, owner_id }: Attempt) => ({
  temporary: (await keysBelow(storage, `tmp/${owner_id}/${task_id}/`)).length,
  objects: (await keysBelow(storage, `artifacts/${owner_id}/${task_id}/`)).length,
  files: (await storage.rpc.call(countFiles, { account_id: owner_id })).files,
});

describe('opening an attempt', () => {
  it('lets a worker read its inputs and write its outputs, without any key', async () => {
    const bytes = await aPicture();
    const { owner, file } = await upload(storage, bytes);
    const attempt = { ...anAttempt(), owner_id: owner };
    const { inputs, outputs: places } = await openFor(attempt, [file.file_id]);
    expect(inputs).toEqual([
      {
        file_id: file.file_id,
        url: expect.stringMatching(/^http/),
        content_type: 'image/png',
        bytes: bytes.length,
        sha256: sha256(bytes),
      },
    ]);
    expect(Buffer.from(await (await fetch(inputs[0]!.url)).arrayBuffer()).equals(bytes)).toBe(true);
    expect(places[0]).toEqual({
      name: 'model.glb',
      format: 'glb',
      url: expect.stringContaining(`/tmp/${owner}/${attempt.task_id}/1/model.glb?`),
      max_bytes: 5_000_000,
    });
    expect((await fetch(places[0]!.url)).status).toBe(403); // writing is all it allows
  });

  it('lets whoever finishes it read what has been delivered', async () => {
    const attempt = anAttempt();
    const { bytes } = outputs['model.glb'];
    await write(await openFor(attempt), 'model.glb', bytes);
    const request = { ...attempt, inputs: [], outputs: [{ name: 'preview.png', format: 'png' as const }] };
    const opened = await storage.rpc.call(openAttempt, { ...request, delivered: 'model.glb', expires_seconds: 600 });
    expect(Buffer.from(await (await fetch(opened.delivered_url!)).arrayBuffer()).equals(bytes)).toBe(true);
    expect((await fetch(opened.delivered_url!, { method: 'PUT', body: 'x' })).status).toBe(403);
  });

  it('refuses inputs that are missing or of somebody else', async () => {
    const { file } = await upload(storage, await aPicture());
    for (const id of [file.file_id, randomUUID()]) {
      const refusal = { code: 'file_not_found', message: `No such file: ${id}` };
      await expect(openFor(anAttempt(), [id])).rejects.toMatchObject(refusal);
    }
  });
});

describe('adopting artifacts', () => {
  it('makes files of them and clears the temporary ones away', async () => {
    const delivery = await aDelivery();
    const { artifacts } = await adopt(delivery);
    expect(artifacts.map(({ kind, format }) => [kind, format])).toEqual([
      ['model', 'glb'],
      ['model', 'obj'],
      ['model', 'fbx'],
    ]);
    const owned = { owner_id: delivery.owner_id, file_id: artifacts[1]!.file_id };
    expect(await storage.rpc.call(findFile, owned)).toMatchObject({
      filename: 'model-obj.zip',
      media_type: 'application/zip',
      kind: 'model',
      task_id: delivery.task_id,
      size_bytes: outputs['model.obj.zip'].bytes.length,
    });
    const { download_url } = await storage.rpc.call(openDownload, owned);
    const download = await fetch(download_url);
    expect(download.headers.get('content-type')).toBe('application/zip');
    expect(Buffer.from(await download.arrayBuffer()).equals(outputs['model.obj.zip'].bytes)).toBe(true);
    expect(await leftovers(delivery)).toEqual({ temporary: 0, objects: 3, files: 3 });
  });

  it('knows the size of a preview', async () => {
    const attempt = anAttempt();
    const bytes = await aPicture({ width: 51, height: 26 });
    await write(await openFor(attempt), 'preview.png', bytes);
    const { artifacts } = await adopt({ ...attempt, artifacts: [said('preview.png', 'png', bytes)] });
    expect(artifacts[0]).toMatchObject({ name: 'preview.png', kind: 'preview', format: 'png', width: 51, height: 26 });
    const file = await storage.rpc.call(findFile, { owner_id: attempt.owner_id, file_id: artifacts[0]!.file_id });
    expect(file).toMatchObject({ kind: 'preview', filename: 'preview.png', width: 51, height: 26 });
  });

  it('twice answers the same files', async () => {
    const delivery = await aDelivery();
    const first = await adopt(delivery);
    expect(await adopt(delivery)).toEqual(first);
    expect(await leftovers(delivery)).toEqual({ temporary: 0, objects: 3, files: 3 });
  });

  it('eight times at once answers the same files', async () => {
    const delivery = await aDelivery();
    const answers = await Promise.all(Array.from({ length: 8 }, () => adopt(delivery)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await leftovers(delivery)).toEqual({ temporary: 0, objects: 3, files: 3 });
  });

  it('of a second attempt with the same bytes answers the files of the first', async () => {
    const delivery = await aDelivery();
    const first = await adopt(delivery);
    const again = await aDelivery({ owner_id: delivery.owner_id, task_id: delivery.task_id, attempt: 2 });
    expect(await adopt(again)).toEqual(first);
  });

  it('is not disturbed by a worker that writes on', async () => {
    const attempt = anAttempt();
    const files = await openFor(attempt);
    const { bytes } = outputs['model.glb'];
    await write(files, 'model.glb', bytes);
    const request = { ...attempt, artifacts: [said('model.glb', 'glb', bytes)] };
    const { artifacts } = await adopt(request);
    await write(files, 'model.glb', Buffer.from('glTF overwritten'));
    const owned = { owner_id: attempt.owner_id, file_id: artifacts[0]!.file_id };
    const { download_url } = await storage.rpc.call(openDownload, owned);
    expect(Buffer.from(await (await fetch(download_url)).arrayBuffer()).equals(bytes)).toBe(true);
    expect(await adopt(request)).toEqual({ artifacts });
  });

  const glb = outputs['model.glb'].bytes;
  const html = Buffer.from('<html>not a model at all</html>');
  it.each<[string, RegExp, Partial<DeliveredArtifact>, Buffer]>([
    ['another size', /model\.glb has \d+ bytes instead of 7$/, { bytes: 7 }, glb],
    ['another hash', /model\.glb has another SHA-256/, { sha256: '0'.repeat(64) }, glb],
    ['other content', /model\.glb is no glb file/, { bytes: html.length, sha256: sha256(html) }, html],
    ['another format', /model\.glb is no fbx file/, { format: 'fbx' }, glb],
    ['an unknown format', /unknown format exe/, { format: 'exe' }, glb],
    ['too many bytes', /larger than 5000000 bytes/, { bytes: 5_000_001 }, glb],
    ['a name that was never written', /other\.glb was not delivered/, { name: 'other.glb' }, glb],
    ['a path for a name', /is not a name of an output/, { name: '../1/model.glb' }, glb],
  ])('refuses a delivery with %s, and adopts nothing of it', async (_, message, about, bytes) => {
    const attempt = anAttempt();
    const files = await openFor(attempt);
    await write(files, 'model.fbx', outputs['model.fbx'].bytes);
    await write(files, 'model.glb', bytes);
    const request = {
      ...attempt,
      artifacts: [
        said('model.fbx', 'fbx', outputs['model.fbx'].bytes),
        { ...said('model.glb', 'glb', outputs['model.glb'].bytes), ...about },
      ],
    };
    await expect(adopt(request)).rejects.toMatchObject({
      code: 'output_rejected',
      message: expect.stringMatching(message),
    });
    expect(await leftovers(attempt)).toEqual({ temporary: 2, objects: 0, files: 0 });
  });
});
