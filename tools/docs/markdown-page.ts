import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local-stack/state/folders.js';
import { textOf } from './source-files.js';

/** Every page of the project for people, relative to the checkout. */
export function markdownPages(): string[] {
  const inRoot = readdirSync(projectRoot()).filter((name) => name.endsWith('.md'));
  const inDocs = readdirSync(path.join(projectRoot(), 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.split(path.sep).join('/')}`);
  return [...inRoot, ...inDocs].toSorted();
}

/** What stands between fences, without the fences. */
export const codeBlocksOf = (text: string): string[] =>
  [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);

const withoutCodeBlocks = (text: string): string => text.replaceAll(/^```\w*\n[\s\S]*?^```$/gm, '');

export interface Heading {
  level: number;
  title: string;
}

export const headingsOf = (text: string): Heading[] =>
  [...withoutCodeBlocks(text).matchAll(/^(#+) (.+)$/gm)].map(([, marks, title]) => ({
    level: marks!.length,
    title: title!,
  }));

/** The targets of links, in the order of the page. */
export const linksOf = (text: string): string[] =>
  [...withoutCodeBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);

/** Places of this repository that a page names, in code or in text. */
export const placesIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\w./-])(?:apps|libs|tools|docs|docker|\.ci)\/[\w./-]*\w/g)].map(([place]) => place);

/** Whether a link of a page leads somewhere: to the web, to a file, to a heading of one. */
export function resolves(page: string, link: string): boolean {
  if (/^https?:/.test(link)) return URL.canParse(link);
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
  if (!existsSync(path.join(projectRoot(), target))) return false;
  return anchor === undefined || headingsOf(textOf(target)).some(({ title }) => anchorOf(title) === anchor);
}

/** As GitHub makes them. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
