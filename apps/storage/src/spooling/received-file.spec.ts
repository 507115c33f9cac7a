import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { receiveFile } from './received-file.js';

const limits = { maxBytes: 10, timeoutMs: 5000, stallMs: 5000, headBytes: 4 };
const stream = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)));
const anywhere = () => Promise.resolve();

describe('receiving a file', () => {
  it('passes its bytes on, and knows their number, their hash and the first of them', async () => {
    const written: string[] = [];
    const write = async (piece: Buffer) => void written.push(piece.toString());
    expect(await receiveFile(stream('12', '345', '67890'), write, limits)).toEqual({
      sizeBytes: 10,
      sha256: createHash('sha256').update('1234567890').digest('hex'),
      head: Buffer.from('1234'),
    });
    expect(written).toEqual(['12', '345', '67890']);
  });

  it('reads no faster than it writes', async () => {
    let busy = 0;
    let most = 0;
    const write = async () => {
      most = Math.max(most, ++busy);
      await new Promise(setImmediate);
      busy--;
    };
    await receiveFile(stream('1', '2', '3', '4'), write, limits);
    expect([most, busy]).toEqual([1, 0]);
  });

  it('refuses an empty one', async () => {
    await expect(receiveFile(stream(), anywhere, limits)).rejects.toMatchObject({ code: 'file_missing' });
  });

  it('refuses one byte too much, naming the limit, and leaves the rest to be drained', async () => {
    const body = new PassThrough();
    body.write('12345678901');
    await expect(receiveFile(body, anywhere, limits)).rejects.toMatchObject({
      code: 'file_too_large',
      message: 'The file is larger than 10 bytes',
      details: { members: { max_bytes: 10 } },
    });
    expect(body.destroyed).toBe(false);
    body.end('the rest');
    await once(body.resume(), 'end');
  });

  it('refuses what its sender breaks off', async () => {
    const body = new PassThrough();
    body.write('123');
    const received = receiveFile(body, anywhere, limits);
    body.destroy(new Error('aborted'));
    await expect(received).rejects.toMatchObject({ code: 'malformed_request' });
  });

  it('does not wait for ever', async () => {
    const body = new PassThrough();
    await expect(receiveFile(body, anywhere, { ...limits, timeoutMs: 20 })).rejects.toMatchObject({
      code: 'malformed_request',
      message: 'The file did not arrive within 0.02 seconds',
    });
    body.destroy();
  });

  it('gives up a sender that stands still, not one that is slow', async () => {
    const body = new PassThrough();
    const received = receiveFile(body, anywhere, { ...limits, stallMs: 200 });
    const slowly = setInterval(() => body.write('x'), 60);
    setTimeout(() => clearInterval(slowly), 400);
    const begun = performance.now();
    await expect(received).rejects.toMatchObject({
      code: 'malformed_request',
      message: 'Nothing of the file arrived for 0.2 seconds',
    });
    expect(performance.now() - begun).toBeGreaterThan(400);
    body.destroy();
  });

  it('fails as writing fails, and writes nothing after it has settled', async () => {
    const full = new Error('no space left');
    await expect(receiveFile(stream('1'), () => Promise.reject(full), limits)).rejects.toBe(full);
    const body = new PassThrough();
    const pieces: string[] = [];
    const write = async (piece: Buffer) => void pieces.push(piece.toString());
    await expect(receiveFile(body, write, { ...limits, stallMs: 20 })).rejects.toMatchObject({
      code: 'malformed_request',
    });
    body.end('late');
    await new Promise(setImmediate);
    expect(pieces).toEqual([]);
  });
});
