import type { Episode } from '../campaign.js';
import { isFinal } from '../final-status.js';
import type { Evidence } from '../invariants/evidence.js';
import { overlaps } from '../invariants/refusals-invariant.js';
import type { Order } from '../load/ledger.js';

/** What one fault did in all its episodes. Orders count for the fault that was last injected before they were accepted. */
export interface Row {
  fault: string;
  injected: number;
  accepted: number;
  ended: number;
  lost: number;
  doubled: number;
  /** Requests that were answered with a 5xx, or not at all, while it lasted and until the system had come back. */
  refused: number;
  /** Seconds from the healing until a new task had succeeded; NaN when it never did. */
  slowestRecovery: number | null;
}

const calm = '(before any)';

/** A row for every fault, in the order of their first injection, and one for all together. */
export function rowsOf({ episodes, ledger, tasks }: Evidence): Row[] {
  const final = new Set(tasks.filter(({ status }) => isFinal(status)).map(({ id }) => id));
  const made = new Map<string | null, number>();
  for (const { key } of tasks) made.set(key, (made.get(key) ?? 0) + 1);
  const hasEnded = (order: Order): boolean => order.removed || [...order.taskIds].every((id) => final.has(id));
  const isDoubled = ({ key, taskIds }: Order): boolean => taskIds.size > 1 || (made.get(key) ?? 0) > 1;
  const refused = (own: readonly Episode[]): number =>
    ledger.badAnswers.filter((answer) => own.some((episode) => overlaps(answer, episode))).length;
  const row = (fault: string, own: readonly Episode[], orders: readonly Order[]): Row => ({
    fault,
    injected: own.length,
    accepted: orders.length,
    ended: orders.filter(hasEnded).length,
    lost: orders.filter((order) => !hasEnded(order)).length,
    doubled: orders.filter(isDoubled).length,
    refused: refused(own),
    slowestRecovery: own.length === 0 ? null : Math.max(...own.map(recoverySeconds)),
  });
  const names = [calm, ...new Set(episodes.map(({ fault }) => fault))];
  const rows = names.map((name) =>
    row(
      name,
      episodes.filter(({ fault }) => fault === name),
      ledger.accepted.filter(({ acceptedAt }) => lastFaultBefore(acceptedAt!, episodes) === name),
    ),
  );
  return [...rows, row(`all ${names.length - 1} kinds`, episodes, ledger.accepted)];
}

const recoverySeconds = ({ healedAt, recoveredAt = NaN }: Episode): number => (recoveredAt - healedAt) / 1000;

const lastFaultBefore = (at: number, episodes: readonly Episode[]): string =>
  episodes.findLast(({ injectedAt }) => injectedAt <= at)?.fault ?? calm;

const headings: Record<keyof Row, string> = {
  fault: 'fault',
  injected: 'injected',
  accepted: 'accepted',
  ended: 'ended',
  lost: 'lost',
  doubled: 'doubled',
  refused: 'refused',
  slowestRecovery: 'slowest recovery',
};

/** The rows as a Markdown table whose columns are aligned. */
export function tableOf(rows: readonly Row[]): string {
  const columns = Object.keys(headings) as (keyof Row)[];
  const cells = [headings, ...rows.map(asText)].map((row) => columns.map((column) => row[column]));
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  const [head, ...body] = cells.map(line);
  return [head, rule, ...body].join('\n');
}

function asText({ fault, slowestRecovery, ...counts }: Row): Record<keyof Row, string> {
  const { injected, accepted, ended, lost, doubled, refused } = counts;
  return {
    fault,
    injected: String(injected),
    accepted: String(accepted),
    ended: String(ended),
    lost: String(lost),
    doubled: String(doubled),
    refused: String(refused),
    slowestRecovery: recoveryText(slowestRecovery),
  };
}

function recoveryText(seconds: number | null): string {
  if (seconds === null) return '';
  return Number.isNaN(seconds) ? 'never' : `${seconds.toFixed(1)} s`;
}
