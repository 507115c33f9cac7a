/** The pictures that are accepted. */
export type PictureType = 'image/png' | 'image/jpeg' | 'image/webp';

/** Whatever is accepted. */
export type ContentType = PictureType | 'model/gltf-binary';

/** As many first bytes as tell what a file is. */
export const headBytes = 12;

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What the bytes say they are, by their first ones; undefined for everything that is not accepted. */
export function contentTypeOf(head: Buffer): ContentType | undefined {
  const text = head.toString('latin1', 0, headBytes);
  if (head.subarray(0, 8).equals(pngSignature)) return 'image/png';
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
  if (text.startsWith('RIFF') && text.endsWith('WEBP')) return 'image/webp';
  if (text.startsWith('glTF')) return 'model/gltf-binary';
  return undefined;
}

export const isPicture = (type: ContentType): type is PictureType => type !== 'model/gltf-binary';
