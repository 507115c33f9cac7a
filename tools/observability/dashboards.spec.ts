import { readdirSync } from 'node:fs';
import { dashboardJson } from './dashboard.js';
import { dashboards } from './dashboards/dashboards.js';
import { metricsIn, unknownIn } from './named-metrics.js';
import { observabilityFile, recordings } from './rules.js';

const recorded = recordings().map(({ record }) => record);
const panels = dashboards.flatMap(({ uid, rows }) =>
  rows.flatMap((row) => row.panels.map((panel) => [`${uid}: ${row.title}: ${panel.title}`, panel] as const)),
);

interface PlacedPanel {
  type: string;
  gridPos: { x: number; y: number; w: number; h: number };
}

describe('a dashboard', () => {
  it.each(panels)('asks for what processes tell: %s', (_title, { lines }) => {
    expect(lines.flatMap(([promql]) => unknownIn(promql, recorded))).toEqual([]);
  });

  it.each(panels)('names its lines by labels that they have: %s', (_title, { lines }) => {
    const kept = (promql: string): string[] =>
      [...promql.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels]) => labels!.split(', '));
    for (const [promql, legend] of lines) {
      const used = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
      expect(kept(promql)).toEqual(expect.arrayContaining(used));
    }
  });

  it.each(dashboards)('$uid lays its panels side by side within the width, and each has a unit', (dashboard) => {
    const { panels: placed } = dashboardJson(dashboard) as { panels: PlacedPanel[] };
    const cells = placed.flatMap(({ gridPos: { x, y, w } }) => Array.from({ length: w }, (_, i) => `${x + i} ${y}`));
    expect(new Set(cells).size).toBe(cells.length);
    expect(placed.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
    const units = placed.filter(({ type }) => type !== 'row');
    expect(units).not.toContainEqual(
      expect.not.objectContaining({
        fieldConfig: { defaults: { unit: expect.any(String) as string, min: 0 }, overrides: [] },
      }),
    );
  });

  it('is all that Grafana is given', () => {
    const files = readdirSync(observabilityFile('grafana/dashboards'));
    expect(files.toSorted()).toEqual(dashboards.map(({ uid }) => `${uid}.json`).toSorted());
  });

  it('shows every metric of ours somewhere', async () => {
    const { metrics } = await import('#telemetry');
    const shown = panels.flatMap(([, { lines }]) => lines.flatMap(([promql]) => metricsIn(promql)));
    const names = shown.map(({ name }) => name.replace(/_(bucket|count|sum)$/, ''));
    const all = Object.values(metrics).map((metric) => ('from' in metric ? metric.name : nameOf(metric)));
    expect(all.filter((name) => !names.includes(name))).toEqual([]);
  });
});

const nameOf = (metric: object): string => (metric as { name: string }).name;
