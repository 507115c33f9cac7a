/** The smallest GLB with one material, textured or not, and so many bytes of nothing behind its JSON. */
export function aGlb({ textured = true, padding = 0 } = {}): Buffer {
  const pbrMetallicRoughness = textured ? { baseColorTexture: { index: 0 } } : {};
  const json = JSON.stringify({ asset: { version: '2.0' }, materials: [{ pbrMetallicRoughness }] });
  const chunk = Buffer.from(json.padEnd(Math.ceil(json.length / 4) * 4));
  const head = Buffer.alloc(20);
  head.write('glTF');
  head.writeUInt32LE(2, 4);
  head.writeUInt32LE(head.length + chunk.length + padding, 8);
  head.writeUInt32LE(chunk.length, 12);
  head.write('JSON', 16);
  return Buffer.concat([head, chunk, Buffer.alloc(padding)]);
}
