import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local-stack/state/folders.js';
import { unknownIn } from './named-metrics.js';
import { alerts, expectations, recordings } from './rules.js';

const recorded = recordings().map(({ record }) => record);
const headings = ['What it means', 'What users see', 'Look', 'Do', 'Afterwards'];
const pages = readdirSync(path.join(projectRoot(), 'docs/runbooks')).map((name) => `docs/runbooks/${name}`);
const textOf = (page: string): string => readFileSync(path.join(projectRoot(), page), 'utf8');

describe('an alert', () => {
  it.each([...recordings(), ...alerts()].map(({ expr }) => [expr]))('asks for what processes tell: %s', (expr) => {
    expect(unknownIn(expr, recorded)).toEqual([]);
  });

  it.each(alerts().map((alert) => [`${alert.alert}, ${alert.labels.severity}`, alert] as const))(
    '%s, is tested firing and silent',
    (_title, { alert, labels }) => {
      const about = expectations().filter(({ alertname }) => alertname === alert);
      const fires = about.flatMap(({ exp_alerts = [] }) => exp_alerts).map(({ exp_labels }) => exp_labels.severity);
      expect(fires).toContain(labels.severity);
      expect(about.some(({ exp_alerts = [] }) => exp_alerts.length === 0)).toBe(true);
    },
  );

  it('says how urgent it is, for how long it waits and where to read on', () => {
    const incomplete = alerts().filter(
      ({ labels, annotations, ...alert }) =>
        !['page', 'ticket'].includes(labels.severity) || !alert.for || !annotations.summary,
    );
    expect(incomplete).toEqual([]);
    expect([...new Set(alerts().map(({ annotations }) => annotations.runbook_url))].toSorted()).toEqual(
      pages.toSorted(),
    );
  });
});

describe('a runbook', () => {
  it.each(pages)('%s has the title of its alert and the headings of all', (page) => {
    const [title, ...found] = [...textOf(page).matchAll(/^##? (.+)$/gm)].map(([, heading]) => heading);
    const { alert } = alerts().find(({ annotations }) => annotations.runbook_url === page)!;
    expect([title, ...found]).toEqual([alert, ...headings]);
    expect(
      textOf(page)
        .split(/^#.*$/m)
        .slice(2)
        .filter((text) => text.trim() === ''),
    ).toEqual([]);
  });

  it.each(pages)('%s links to pages that there are', (page) => {
    const linked = [...textOf(page).matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, name]) => `docs/runbooks/${name}`);
    expect(linked.filter((name) => !pages.includes(name))).toEqual([]);
  });
});
