/** The smallest GLB: an asset, and as much else as is told (glTF 2.0, 4.4). */
export function aGlb(extras = ''): Buffer {
  const json = JSON.stringify({ asset: { version: '2.0' }, ...(extras ? { extras } : {}) });
  const chunk = Buffer.from(json.padEnd(Math.ceil(json.length / 4) * 4));
  const head = Buffer.alloc(20);
  [0x46546c67, 2, head.length + chunk.length, chunk.length, 0x4e4f534a].forEach((word, index) =>
    head.writeUInt32LE(word, index * 4),
  );
  return Buffer.concat([head, chunk]);
}
