/** Steps that processes of the release before, which run on for a while during an upgrade, do not survive. */
const breaking: readonly [RegExp, string][] = [
  [/\bDROP TABLE\b/, 'a table is dropped'],
  [/\bDROP COLUMN\b/, 'a column is dropped'],
  [/\bRENAME (TO|COLUMN)\b/, 'something is renamed'],
  [/\bALTER COLUMN \w+ (SET DATA )?TYPE\b/, 'a column gets another type'],
  [/\bSET NOT NULL\b/, 'a column has to be filled'],
  [/\bDROP DEFAULT\b/, 'a column has to be filled'],
  [
    /\bADD COLUMN (?!(?:(?!ADD COLUMN|`).)*\bDEFAULT\b)(?:(?!ADD COLUMN|,|`|').)*\bNOT NULL\b/s,
    'a new column has to be filled',
  ],
  [/\b(DELETE FROM|TRUNCATE)\b/, 'rows are removed'],
];

/** The method of a migration, and what those of several services share. */
const wayUp = /^async (up|function (create|add)\w+)\(/;

/**
 * What the way up of a migration does that only a contracting one may: one that ships a release after the code stopped using what it takes
 * away, and says so by a doc comment that begins with `Contract:` (docs/operations.md).
 */
export function breakingSteps(migration: string): string[] {
  if (/\/\*\*\s+Contract: /.test(migration)) return [];
  const up = migration
    .split(/(?=\basync )/)
    .filter((part) => wayUp.test(part))
    .join('');
  return breaking.filter(([pattern]) => pattern.test(up)).map(([, what]) => what);
}
