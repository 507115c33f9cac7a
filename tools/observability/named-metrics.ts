import { measureProcess, registry } from '#telemetry';

/** A metric that an expression asks for, with the labels that it is picked or told apart by. */
export interface NamedMetric {
  name: string;
  labels: string[];
}

/** Labels that every series gets from Prometheus, and that a histogram's buckets have. */
const everywhere = ['job', 'instance', 'le'];

/** What is not ours: https://www.rabbitmq.com/docs/prometheus, families queue_coarse_metrics and queue_consumer_count. */
const ofOthers: Record<string, string[]> = { up: [], rabbitmq_detailed_queue_messages: ['vhost', 'queue'] };

/** Every metric of an expression. A label of `by` or `on` counts for all of its metrics: one of them has to have it. */
export function metricsIn(promql: string): NamedMetric[] {
  const named = promql.matchAll(/\b((?:lathe|nodejs|process|rabbitmq)_\w+|lathe:[\w:]+|up)\b(?:\{([^}]*)\})?/g);
  return [...named].map(([, name, matchers = '']) => ({
    name: name!,
    labels: [...matchers.matchAll(/(\w+)\s*(?:=|!=|=~|!~)\s*"/g)].map(([, label]) => label!),
  }));
}

/** The labels of `by (…)`, `on (…)` and the like. */
export const groupingsIn = (promql: string): string[] =>
  [...promql.matchAll(/\b(?:by|on|ignoring|without)\s*\(([^)]*)\)/g)].flatMap(([, labels]) => labels!.split(/\s*,\s*/));

/** Why an expression asks for what nobody tells; `recorded` are the names of recording rules. */
export function unknownIn(promql: string, recorded: readonly string[]): string[] {
  const known = { ...toldByProcesses(), ...ofOthers, ...Object.fromEntries(recorded.map((name) => [name, []])) };
  const metrics = metricsIn(promql);
  if (metrics.length === 0) return [`no metric in ${promql}`];
  const missing = metrics.flatMap(({ name, labels }) =>
    known[name]
      ? without(labels, [...known[name], ...everywhere]).map((label) => `${name} has no label ${label}`)
      : [`no metric ${name}`],
  );
  const told = metrics.flatMap(({ name }) => known[name] ?? []);
  return [...missing, ...without(groupingsIn(promql), [...told, ...everywhere]).map((label) => `no label ${label}`)];
}

/** What prom-client knows of a metric, beyond its types. */
interface Told {
  name: string;
  labelNames: string[];
  buckets?: unknown;
}

/** The series that processes of ours tell, with their labels; a histogram is three. */
function toldByProcesses(): Record<string, readonly string[]> {
  measureProcess();
  const told: Record<string, readonly string[]> = {};
  for (const metric of registry.getMetricsAsArray()) {
    const { name, labelNames, buckets } = metric as unknown as Told;
    for (const suffix of buckets ? ['_bucket', '_count', '_sum'] : ['']) told[name + suffix] = labelNames;
  }
  return told;
}

const without = (labels: readonly string[], known: readonly string[]): string[] =>
  labels.filter((label) => !known.includes(label));
