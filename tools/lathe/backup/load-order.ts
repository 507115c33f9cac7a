/** That rows of one table name rows of another. */
export interface Reference {
  from: string;
  to: string;
}

/** The tables, each after all those that it refers to. A table may refer to itself; throws when several refer to each other in a circle. */
export function inLoadOrder<T extends { name: string }>(tables: readonly T[], references: readonly Reference[]): T[] {
  const ordered: T[] = [];
  let waiting = [...tables];
  const isReady = ({ name }: T): boolean =>
    !references.some(({ from, to }) => from === name && to !== name && waiting.some((other) => other.name === to));
  while (waiting.length > 0) {
    const ready = waiting.filter(isReady);
    if (ready.length === 0)
      throw new Error(`Tables refer to each other: ${waiting.map(({ name }) => name).join(', ')}`);
    ordered.push(...ready);
    waiting = waiting.filter((table) => !ready.includes(table));
  }
  return ordered;
}
