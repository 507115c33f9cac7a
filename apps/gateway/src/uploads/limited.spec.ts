import { limited } from './limited.js';

async function* chunks(...sizes: number[]): AsyncGenerator<Uint8Array, void> {
  for (const size of sizes) yield new Uint8Array(size);
}

const sizeOf = async (bytes: AsyncIterable<Uint8Array>): Promise<number> => {
  let size = 0;
  for await (const chunk of bytes) size += chunk.length;
  return size;
};

describe('limited bytes', () => {
  it('pass up to the limit itself', async () => {
    expect(await sizeOf(limited(chunks(4, 4, 2), 10))).toBe(10);
  });

  it('are refused at the first byte beyond it, with the limit named', async () => {
    await expect(sizeOf(limited(chunks(4, 7), 10))).rejects.toMatchObject({
      code: 'file_too_large',
      details: { members: { max_bytes: 10 } },
    });
  });
});
