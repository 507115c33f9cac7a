import path from 'node:path';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { projectRoot } from '../local-stack/state/folders.js';

/** A rule of Prometheus that has a name for its result. */
export interface Recording {
  record: string;
  expr: string;
}

export interface Alert {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: { summary: string; runbook_url: string };
}

/** What one test of promtool expects of an alert at a time; silence without `exp_alerts`. */
interface Expectation {
  alertname: string;
  exp_alerts?: { exp_labels: { severity: string } }[];
}

/** A file of deploy/observability. */
export const observabilityFile = (name: string): string => path.join(projectRoot(), 'deploy/observability', name);

const yaml = (name: string): unknown => parse(readFileSync(observabilityFile(name), 'utf8'));

const rules = (): (Recording | Alert)[] =>
  (yaml('alerts.yml') as { groups: { rules: (Recording | Alert)[] }[] }).groups.flatMap((group) => group.rules);

export const alerts = (): Alert[] => rules().filter((rule): rule is Alert => 'alert' in rule);

export const recordings = (): Recording[] => rules().filter((rule): rule is Recording => 'record' in rule);

/** Everything that alerts.test.yml expects. */
export const expectations = (): Expectation[] =>
  (yaml('alerts.test.yml') as { tests: { alert_rule_test: Expectation[] }[] }).tests.flatMap(
    (test) => test.alert_rule_test,
  );
