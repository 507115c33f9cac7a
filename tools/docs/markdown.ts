/** A table; a bar inside a cell would end it. */
export const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [tableRow(titles), tableRow(titles.map(() => '---')), ...rows.map(tableRow)].join('\n');

const tableRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;

export const code = (text: string): string => `\`${text}\``;

/** A page that is written by `npm run docs` and by nobody else. */
export const generatedPage = (...paragraphs: string[]): string =>
  `${['<!-- Written by "npm run docs" from the code. Change the code, not this page. -->', ...paragraphs].join('\n\n')}\n`;
