/** The routes of the running server, as they were registered. */
export class RouteTable {
  private readonly routes: { method: string; url: string; pattern: RegExp }[] = [];

  /** Adds a route in the router's syntax: `/files/:file_id`, `/docs/*`. */
  add(methods: string | readonly string[], url: string): void {
    for (const method of [methods].flat()) this.routes.push({ method, url, pattern: patternOf(url) });
  }

  /** Which methods a path answers to; none when there is nothing at all. */
  methodsAt(path: string): string[] {
    const matching = this.routes.filter(({ method, pattern }) => method !== 'OPTIONS' && pattern.test(path));
    return [...new Set(matching.map(({ method }) => method))].toSorted();
  }

  /** Every route, e.g. to compare them with the OpenAPI document. */
  all(): { method: string; url: string }[] {
    return this.routes.map(({ method, url }) => ({ method, url }));
  }
}

function patternOf(url: string): RegExp {
  const source = url
    .split('/')
    .map((part) =>
      part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}
