interface Entry<V> {
  value: V;
  until: number;
}

/**
 * A map of at most `most` entries, each with an end. The oldest entry makes room for a new one, so what an attacker can fill is
 * bounded. Times are whatever clock the caller uses.
 */
export class ExpiringMap<V> {
  private readonly entries = new Map<string, Entry<V>>();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.entries.size;
  }

  get(key: string, now: number): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (entry.until > now) return entry.value;
    this.entries.delete(key);
    return undefined;
  }

  /** Returns whether a living entry was lost for it. */
  set(key: string, value: V, until: number, now: number): boolean {
    this.entries.delete(key);
    this.entries.set(key, { value, until });
    this.forgetEnded(now);
    if (this.entries.size <= this.most) return false;
    this.entries.delete(this.entries.keys().next().value!);
    return true;
  }

  deleteWhere(matches: (value: V) => boolean): void {
    for (const [key, { value }] of this.entries) if (matches(value)) this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }

  /** Entries of one map live about as long as each other: the first ones end first. */
  private forgetEnded(now: number): void {
    for (const [key, { until }] of this.entries) {
      if (until > now) return;
      this.entries.delete(key);
    }
  }
}
