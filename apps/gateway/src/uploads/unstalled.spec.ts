import { unstalled } from './unstalled.js';

const silence = new Promise<never>(() => {});

async function* chunks(then: Promise<unknown> = Promise.resolve()): AsyncGenerator<Uint8Array, void> {
  yield new Uint8Array([1]);
  yield new Uint8Array([2, 3]);
  await then;
}

async function read(bytes: AsyncIterable<Uint8Array>, into: number[] = []): Promise<number[]> {
  for await (const chunk of bytes) into.push(...chunk);
  return into;
}

describe('bytes on their way', () => {
  it('are the same bytes', async () => {
    expect(await read(unstalled(chunks(), 1000))).toEqual([1, 2, 3]);
  });

  it('are given up when no more come', async () => {
    const got: number[] = [];
    await expect(read(unstalled(chunks(silence), 20), got)).rejects.toMatchObject({
      code: 'malformed_request',
      message: 'Nothing came for 0.02 seconds',
    });
    expect(got).toEqual([1, 2, 3]);
  });

  it('fail as their source fails', async () => {
    await expect(read(unstalled(chunks(Promise.reject(new Error('torn'))), 1000))).rejects.toThrow('torn');
  });
});
