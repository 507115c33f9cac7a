import { plain } from '../delivery/quality-report.js';

/** What makes the name of a generator ours. */
const ours = 'Lathe';
const texts = ['engine', 'method', 'matched'];

/** What a GLB says of itself (glTF 2.0 §3.2). */
interface Asset {
  generator?: unknown;
  extras?: unknown;
}

/** Of a GLB that has been read already: its first chunk is known to be JSON (glTF 2.0 §4.4.3). */
export function assetOf(glb: Uint8Array): Asset {
  const length = new DataView(glb.buffer, glb.byteOffset).getUint32(12, true);
  const json = new TextDecoder().decode(glb.subarray(20, 20 + length));
  return (JSON.parse(json) as { asset: Asset }).asset;
}

export const isOurs = ({ generator }: Asset): boolean => typeof generator === 'string' && generator.startsWith(ours);

/** Where a GLB that we wrote says it came from; nothing of one that somebody else wrote. */
export function provenanceIn(asset: Asset): Record<string, unknown> {
  if (!isOurs(asset) || typeof asset.extras !== 'object' || asset.extras === null) return {};
  const { confidence, ...said } = asset.extras as Record<string, unknown>;
  const told = texts.flatMap((name) => (typeof said[name] === 'string' ? [[name, plain(said[name])]] : []));
  return { ...Object.fromEntries(told), ...(typeof confidence === 'number' ? { confidence } : {}) };
}
