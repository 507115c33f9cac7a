/** How Grafana writes a number. */
type Unit = 's' | 'reqps' | 'ops' | 'percentunit' | 'short' | 'bytes';

/** What a panel shows; Grafana's own names are in `dashboardJson` only. */
export interface Panel {
  title: string;
  unit: Unit;
  /** Each expression of PromQL with what its lines are called: a legend of Grafana, `{{label}}`. */
  lines: readonly (readonly [promql: string, legend: string])[];
  /** What to make of it, where the title does not say. */
  about?: string;
  /** One number, the last, in place of lines. */
  single?: true;
}

/** Rows of panels that share the width. */
export interface Dashboard {
  /** Names the file, and the page in Grafana. */
  uid: string;
  title: string;
  rows: readonly { title: string; panels: readonly Panel[] }[];
}

const width = 24;
const datasource = { type: 'prometheus', uid: '${datasource}' };

/** A dashboard as Grafana 11 and later read it (schema version 39). The Prometheus to ask is a variable of the page. */
export const dashboardJson = ({ uid, title, rows }: Dashboard): object => ({
  uid: `lathe-${uid}`,
  title,
  tags: ['lathe'],
  schemaVersion: 39,
  version: 1,
  editable: true,
  graphTooltip: 1,
  refresh: '30s',
  time: { from: 'now-3h', to: 'now' },
  templating: { list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }] },
  links: [{ title: 'Lathe', type: 'dashboards', tags: ['lathe'], asDropdown: true, keepTime: true }],
  panels: placed(rows),
});

function placed(rows: Dashboard['rows']): object[] {
  const panels: object[] = [];
  let y = 0;
  const place = (panel: object, box: { x: number; w: number; h: number }): void => {
    panels.push({ id: panels.length + 1, ...panel, gridPos: { ...box, y } });
  };
  for (const row of rows) {
    place({ type: 'row', title: row.title, collapsed: false, panels: [] }, { x: 0, w: width, h: 1 });
    y += 1;
    const [w, h] = [Math.floor(width / row.panels.length), row.panels.every(({ single }) => single) ? 4 : 8];
    for (const [index, panel] of row.panels.entries()) place(panelJson(panel), { x: index * w, w, h });
    y += h;
  }
  return panels;
}

const panelJson = ({ title, unit, lines, about, single }: Panel): object => ({
  type: single ? 'stat' : 'timeseries',
  title,
  ...(about ? { description: about } : {}),
  datasource,
  fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  options: single
    ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'none' }
    : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  targets: lines.map(([expr, legendFormat], index) => ({
    refId: String.fromCodePoint(65 + index),
    datasource,
    expr,
    legendFormat,
  })),
});
