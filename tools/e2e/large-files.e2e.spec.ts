import { createHash, randomUUID } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import supertest from 'supertest';
import { adoptArtifacts, type FileView, openAttempt } from '#contracts';
import { RpcClient } from '#messaging';
import { aGlb, aLargeGlb } from '../../apps/storage/test/glbs.js';
import { type RunningServices, startServices } from '../local-stack/services.js';
import { sharedTestStack } from '../test-stack/shared-stack.js';
import { PeakMemory } from './peak-memory.js';

const mebibyte = 1024 * 1024;
const uploadBytes = 200 * mebibyte;
/** LARGE_RESULT_MIB=1024 measures with a whole GiB, and prints what it measures. */
const { LARGE_RESULT_MIB } = process.env;
const resultBytes = Number(LARGE_RESULT_MIB ?? 256) * mebibyte;
const allowed = 64;

jest.setTimeout(120_000);

/** Sends bytes as they are made; resolves to the status and what is answered. */
async function send(
  url: string,
  method: string,
  headers: Record<string, string | number>,
  bytes: Iterable<Buffer>,
): Promise<{ status: number; answer: IncomingMessage }> {
  const sending = request(url, { method, headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sending.once('response', resolve).once('error', reject);
  });
  await pipeline(Readable.from(bytes), sending);
  const answer = await answered;
  return { status: answer.statusCode ?? 0, answer };
}

/** A binary STL of about so many bytes, piece by piece: triangles without an extent. */
function* anStl(bytes: number): Generator<Buffer> {
  const triangles = Math.floor((bytes - 84) / 50);
  const head = Buffer.alloc(84);
  head.writeUInt32LE(triangles, 80);
  yield head;
  const nothing = Buffer.alloc(mebibyte);
  for (let left = triangles * 50; left > 0; left -= mebibyte)
    yield left < mebibyte ? nothing.subarray(0, left) : nothing;
}

function described(pieces: Iterable<Buffer>): { bytes: number; sha256: string } {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const piece of pieces) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

describe('files that are larger than anybody may keep in memory', () => {
  let services: RunningServices;
  let publicEndpoint: string;
  let token: string;
  let ownerId: string;
  let bridge: RpcClient;

  beforeAll(async () => {
    const limits = { UPLOAD_MAX_BYTES: String(uploadBytes + mebibyte), MAX_ARTIFACT_BYTES: String(2 * resultBytes) };
    const stack = sharedTestStack();
    publicEndpoint = stack.objectStore.endpoint.replace('127.0.0.1', 'localhost');
    const settings = { RATE_LIMITS: 'off', S3_PUBLIC_ENDPOINT: publicEndpoint, ...limits };
    services = await startServices(stack, { env: { PORT: '0', ENGINE_PROCESSES: '0', ...settings } });
    const credentials = { email: `${randomUUID()}@example.org`, password: randomUUID() };
    const { body } = await supertest(services.gatewayUrl).post('/auth/register').send(credentials).expect(201);
    ({ access_token: token } = body as { access_token: string });
    const profile = await supertest(services.gatewayUrl)
      .get('/auth/profile')
      .auth(token, { type: 'bearer' })
      .expect(200);
    ownerId = (profile.body as { id: string }).id;
    bridge = new RpcClient({ url: stack.broker.urls['ml-bridge'], name: 'ml-bridge', timeoutMs: 60_000 });
    await bridge.open();
    await upload([aGlb()]); // whatever is made for the first file is there
  });

  afterAll(async () => {
    await bridge?.close();
    await services?.stop();
  });

  const expectLittle = (memory: PeakMemory, what: string) => {
    const grown = memory.growth();
    if (LARGE_RESULT_MIB) console.info(`MiB more while ${what}: ${JSON.stringify(grown)}`);
    expect(Object.entries(grown).filter(([, mebibytes]) => mebibytes >= allowed)).toEqual([]);
  };

  async function upload(pieces: Iterable<Buffer>): Promise<FileView> {
    const boundary = 'a-boundary';
    const disposition = 'Content-Disposition: form-data; name="file"; filename="mesh.glb"';
    const around = [`--${boundary}\r\n${disposition}\r\n\r\n`, `\r\n--${boundary}--\r\n`].map((text) =>
      Buffer.from(text),
    );
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    };
    const body = function* () {
      yield around[0]!;
      yield* pieces;
      yield around[1]!;
    };
    const { status, answer } = await send(`${services.gatewayUrl}/upload`, 'POST', headers, body());
    const file = (await json(answer)) as FileView;
    expect({ status, file }).toMatchObject({ status: 201 });
    return file;
  }

  /** Plays the worker: writes an output through its address, and has it adopted. */
  async function makeResult(): Promise<{ file_id: string; bytes: number; sha256: string }> {
    const attempt = { owner_id: ownerId, task_id: randomUUID(), attempt: 1 };
    const output = { name: 'model.stl', format: 'stl' as const };
    const { outputs } = await bridge.call(openAttempt, {
      ...attempt,
      inputs: [],
      outputs: [output],
      expires_seconds: 600,
    });
    const { bytes, sha256 } = described(anStl(resultBytes));
    const { status, answer } = await send(outputs[0]!.url, 'PUT', { 'content-length': bytes }, anStl(resultBytes));
    answer.resume();
    expect(status).toBe(200);
    const { artifacts } = await bridge.call(adoptArtifacts, { ...attempt, artifacts: [{ ...output, bytes, sha256 }] });
    return { file_id: artifacts[0]!.file_id, bytes, sha256 };
  }

  async function download(fileId: string): Promise<{ bytes: number; sha256: string }> {
    const headers = { authorization: `Bearer ${token}` };
    const { body } = await fetch(`${services.gatewayUrl}/files/${fileId}`, { headers });
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of body!) {
      hash.update(piece as Uint8Array);
      bytes += (piece as Uint8Array).length;
    }
    return { bytes, sha256: hash.digest('hex') };
  }

  it('are uploaded, and no process takes 64 MiB more for it', async () => {
    const memory = PeakMemory.of(services.processes);
    const file = await upload(aLargeGlb(uploadBytes));
    expect(file).toMatchObject({
      media_type: 'model/gltf-binary',
      size_bytes: described(aLargeGlb(uploadBytes)).bytes,
    });
    expectLittle(memory, 'it was uploaded');
  });

  it('are taken over from a worker and downloaded, and no process takes 64 MiB more for it', async () => {
    const memory = PeakMemory.of(services.processes);
    const { file_id, ...made } = await makeResult();
    expectLittle(memory, 'it was taken over');
    expect(await download(file_id)).toEqual(made);
    expectLittle(memory, 'it was downloaded');
  });

  it('pass the gateway by for who asks for it', async () => {
    const { file_id, sha256 } = await upload([aGlb()]);
    const headers = { authorization: `Bearer ${token}` };
    const sent = await fetch(`${services.gatewayUrl}/files/${file_id}?redirect=true`, { headers, redirect: 'manual' });
    expect([sent.status, sent.headers.get('cache-control')]).toEqual([302, 'no-store']);
    const address = new URL(sent.headers.get('location')!);
    expect(address.origin).toBe(publicEndpoint);
    const answer = await fetch(address);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="mesh.glb"');
    expect(described([Buffer.from(await answer.arrayBuffer())]).sha256).toBe(sha256);
  });
});
