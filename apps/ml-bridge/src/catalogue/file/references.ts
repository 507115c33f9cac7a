const reference = /\$\{([A-Z][A-Z0-9_]*)\}/g;

/** A copy of `value` in which each `${NAME}` of its texts is what `setting` says; one that it does not know is left out and named. */
export function withSettings<T>(
  value: T,
  setting: (name: string) => string | undefined,
): { value: T; missing: string[] } {
  const missing = new Set<string>();
  const filled = (text: string): string =>
    text.replaceAll(reference, (_, name: string) => {
      const found = setting(name);
      if (found === undefined) missing.add(name);
      return found ?? '';
    });
  return { value: eachText(value, filled) as T, missing: [...missing] };
}

function eachText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => eachText(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, eachText(inner, change)]));
}
