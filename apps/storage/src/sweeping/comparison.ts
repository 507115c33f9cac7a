/** A key, and since when there has been something under it. */
export interface KeyedSince {
  key: string;
  since: Date;
}

/** A part of a list in the order of the keys' bytes, and whether it goes on. */
interface Part {
  items: KeyedSince[];
  more: boolean;
}

/** What a part of the store and the same part of the database differ in. */
export interface Comparison {
  /** Objects that no file stands for. */
  strays: string[];
  /** Keys of files that have no object. */
  lost: string[];
  /** So much differs that the two hardly belong together: a wrong bucket, a database from a backup. */
  doubtful: boolean;
  /** Where the next part begins; undefined when this was the last. */
  next: string | undefined;
}

/** A few differences are what crashes leave, whatever their part. */
const tolerated = 10;

/** Compares as far as both lists reach. What is younger than `limit` may be on its way, and counts for neither side. */
export function compare(objects: Part, files: Part, limit: Date): Comparison {
  const next = shorter(endOf(objects), endOf(files));
  const within = ({ key }: KeyedSince): boolean => next === undefined || byBytes(key, next) <= 0;
  const [stored, known] = [objects.items.filter(within), files.items.filter(within)];
  const strays = missingFrom(known, stored, limit);
  const lost = missingFrom(stored, known, limit);
  return { strays, lost, doubtful: isTooMuch(strays, stored) || isTooMuch(lost, known), next };
}

function missingFrom(there: KeyedSince[], asked: KeyedSince[], limit: Date): string[] {
  const keys = new Set(there.map(({ key }) => key));
  return asked.filter(({ key, since }) => since < limit && !keys.has(key)).map(({ key }) => key);
}

const isTooMuch = (missing: string[], all: KeyedSince[]): boolean =>
  missing.length > tolerated && missing.length > all.length / 2;

const endOf = ({ items, more }: Part): string | undefined => (more ? items.at(-1)?.key : undefined);

function shorter(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return byBytes(one, other) < 0 ? one : other;
}

const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));
