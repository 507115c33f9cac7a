import type { Document } from '#mesh';
import { plain } from '../delivery/quality-report.js';

/** What our GLBs begin the name of their generator with. */
const ours = 'Lathe';
const texts = ['engine', 'method', 'matched'];

/** Where a GLB that we wrote says it came from; nothing of one that somebody else wrote. */
export function provenanceIn(document: Document): Record<string, unknown> {
  const { generator, extras } = document.getRoot().getAsset();
  if (!generator?.startsWith(ours) || typeof extras !== 'object' || extras === null) return {};
  const { confidence, ...said } = extras as Record<string, unknown>;
  const told = texts.flatMap((name) => (typeof said[name] === 'string' ? [[name, plain(said[name])]] : []));
  return { ...Object.fromEntries(told), ...(typeof confidence === 'number' ? { confidence } : {}) };
}

/** A GLB of somebody else that we wrote again says so, and keeps what else it says of itself. */
export function signConversion(document: Document): void {
  const asset = document.getRoot().getAsset();
  if (!asset.generator?.startsWith(ours)) asset.generator = ours;
}
