/** Keys in the order of S3: by their UTF-8 bytes. (JavaScript's own order differs beyond the basic plane.) */
export const byKeyBytes = (a: Named, b: Named): number => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));

interface Named {
  key: string;
}

/** Which part of a bucket is asked for. */
export interface ListRequest {
  prefix: string;
  /** Empty: no grouping. */
  delimiter: string;
  /** Where the page before ended: a key or a common prefix. Empty: the start. */
  after: string;
  /** At most so many items and prefixes together. */
  limit: number;
}

/** One page of a listing. */
export interface Page<Item> {
  items: Item[];
  /** Groups of keys that share their name up to the delimiter, each once. */
  prefixes: string[];
  /** The last key or prefix on the page, when more follow. */
  next?: string;
}

/** One page of items sorted with `byKeyBytes`, as ListObjects and ListMultipartUploads define it. */
export function listPage<Item extends Named>(sorted: readonly Item[], request: ListRequest): Page<Item> {
  const { prefix, delimiter, after, limit } = request;
  const page: Page<Item> = { items: [], prefixes: [] };
  if (limit === 0) return page;
  let last = '';
  for (let at = firstIndex(sorted, prefix, after); at < sorted.length; at += 1) {
    const item = sorted[at];
    if (!item?.key.startsWith(prefix)) break;
    const cut = delimiter ? item.key.indexOf(delimiter, prefix.length) : -1;
    const group = cut < 0 ? undefined : item.key.slice(0, cut + delimiter.length);
    if (group !== undefined && (group === after || group === page.prefixes.at(-1))) continue;
    if (page.items.length + page.prefixes.length >= limit) return { ...page, next: last };
    if (group === undefined) page.items.push(item);
    else page.prefixes.push(group);
    last = group ?? item.key;
  }
  return page;
}

/** The first item that may be on the page: not before the prefix, and behind `after`. */
function firstIndex(sorted: readonly Named[], prefix: string, after: string): number {
  const [start, end] = [Buffer.from(prefix), Buffer.from(after)];
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = Buffer.from(sorted[middle]?.key ?? '');
    const before = Buffer.compare(key, start) < 0 || (after !== '' && Buffer.compare(key, end) <= 0);
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}
