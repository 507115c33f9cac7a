/** The time that a rate is taken over: Grafana chooses it by the scrape interval and the width of the page. */
const window = '$__rate_interval';

/** How many happen in a second, summed over replicas by some labels. */
export const perSecond = (counter: string, by = ''): string => `sum${grouped(by)} (rate(${counter}[${window}]))`;

/** What a part of the observations of a histogram stays below, in seconds. */
export const quantile = (part: number, [name, matchers = '']: readonly [string, string?], by = ''): string =>
  `histogram_quantile(${part}, sum by (${[by, 'le'].filter(Boolean).join(', ')}) (rate(${name}_bucket${matchers}[${window}])))`;

/** Of what every replica reads from the same table, or of the worst of several, by some labels. */
export const largest = (gauge: string, by = ''): string => `max${grouped(by)} (${gauge})`;

const grouped = (by: string): string => (by ? ` by (${by})` : '');
