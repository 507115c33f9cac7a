import type { LoadHook } from 'node:module';

/** One piece of one compiled module, and what it says instead. */
export interface Replacement {
  /** Its path below `dist`. */
  module: string;
  piece: string;
  instead: string;
}

let replacements: readonly Replacement[] = [];

/** Called by `module.register` with what it was told. https://nodejs.org/docs/latest-v20.x/api/module.html#initialize */
export function initialize(told: readonly Replacement[]): void {
  replacements = told;
}

/** Throws when a piece is not there, or is there twice: the module has changed, and whoever breaks it has to follow. */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  const own = replacements.filter(({ module }) => url.endsWith(`/dist/${module}`));
  if (own.length === 0) return loaded;
  return { ...loaded, source: own.reduce(replaced, sourceOf(loaded.source)) };
};

function replaced(source: string, { module, piece, instead }: Replacement): string {
  if (source.split(piece).length !== 2) throw new Error(`${module} does not have this exactly once: ${piece}`);
  return source.replace(piece, () => instead);
}

const sourceOf = (source: unknown): string =>
  typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();
