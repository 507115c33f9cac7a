/** Pixels of a picture as its header gives them. */
export interface PictureSize {
  format: 'png' | 'jpeg' | 'webp';
  width: number;
  height: number;
}

/** The size a PNG, JPEG or WebP gives in its first bytes; `null` when they are none of these or end before. */
export function pictureSizeOf(bytes: Uint8Array): PictureSize | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return pngSize(view) ?? jpegSize(view) ?? webpSize(view);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** PNG §11.2.1: the signature, then a chunk IHDR that starts with width and height. */
function pngSize(view: DataView): PictureSize | null {
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a) return null;
  if (tag(view, 12) !== 'IHDR') return null;
  return { format: 'png', width: view.getUint32(16), height: view.getUint32(20) };
}

/** Segments before the frame header above which a JPEG is not believed. */
const maxSegments = 1_000;

/** ITU T.81 §B.2.2: the first frame header, SOF0–SOF15, behind any number of other segments. */
function jpegSize(view: DataView): PictureSize | null {
  if (view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  for (let segment = 0; segment < maxSegments; segment++) {
    if (view.getUint8(at) !== 0xff) return null;
    while (view.getUint8(at + 1) === 0xff) at++;
    const marker = view.getUint8(at + 1);
    if (isFrameHeader(marker)) {
      return { format: 'jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

/** C4, C8 and CC of the row are tables, not frames. */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** RFC 9649: a canvas in VP8X, or the size of the one picture in VP8 (RFC 6386 §9.1) or VP8L. */
function webpSize(view: DataView): PictureSize | null {
  if (tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WEBP') return null;
  const size = (width: number, height: number): PictureSize => ({ format: 'webp', width, height });
  switch (tag(view, 12)) {
    case 'VP8X':
      return size(1 + threeBytes(view, 24), 1 + threeBytes(view, 27));
    case 'VP8 ':
      if (threeBytes(view, 23) !== 0x2a019d) return null;
      return size(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
    case 'VP8L': {
      if (view.getUint8(20) !== 0x2f) return null;
      const bits = view.getUint32(21, true);
      return size(1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff));
    }
    default:
      return null;
  }
}

const tag = (view: DataView, at: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((k) => view.getUint8(at + k)));

const threeBytes = (view: DataView, at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
