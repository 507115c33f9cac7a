import { readFileSync } from 'node:fs';
import path from 'node:path';
import { settingsSections } from './docs/configuration.js';
import { type Setting, settingsOf } from './docs/settings.js';
import { projectRoot } from './local-stack/state/folders.js';

const textOf = (file: string): string => readFileSync(path.join(projectRoot(), file), 'utf8');
const example = textOf('.env.example');
const compose = textOf('docker-compose.yml');
const processes = ['gateway', 'auth', 'task', 'storage', 'ml-bridge', 'engine'];
/** Where a process listens is the image's choice, and its worker's name its own. */
const ofTheContainer = new Set(['HOST', 'PORT', 'WORKER_ID']);
const noValue = new Set<string | undefined>([undefined, 'not set', 'empty', 'made at each start']);

const allMatches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);
const sections = settingsSections.map((section) => ({
  readers: section.title === 'Every process' ? processes : section.title.split(', '),
  settings: settingsOf(section),
}));
const settings: [string, Setting][] = sections.flatMap((section) =>
  section.settings.map((setting): [string, Setting] => [setting.name, setting]),
);
const given: [string, string][] = sections.flatMap((section) =>
  section.readers.flatMap((reader) =>
    section.settings
      .filter(({ name }) => !ofTheContainer.has(name))
      .map(({ name }): [string, string] => [reader, name]),
  ),
);

/** The names in the block of a process, and in the blocks that it takes over. */
function namesIn(process: string): string[] {
  const block = blockAfter(new RegExp(`^  ${process}:$`));
  const takenOver = allMatches(block, /<<: \*([a-z-]+)/g).map((anchor) => blockAfter(new RegExp(`: &${anchor}$`)));
  return [block, ...takenOver].flatMap((text) => allMatches(text, /^ +([A-Z][A-Z0-9_]*):/gm));
}

/** The lines below a heading that are indented more than it is. */
function blockAfter(heading: RegExp): string {
  const lines = compose.split('\n');
  const at = lines.findIndex((line) => heading.test(line));
  const depth = indentOf(lines[at] ?? '');
  const below = lines.slice(at + 1);
  const end = below.findIndex((line) => line !== '' && indentOf(line) <= depth);
  return below.slice(0, end).join('\n');
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

describe('.env.example', () => {
  it.each(settings)('names %s with its default', (name, { byDefault }) => {
    const value = noValue.has(byDefault) ? '.*' : byDefault;
    expect(example).toMatch(new RegExp(`^#?${name}=${value}$`, 'm'));
  });

  it('names nothing that nobody reads', () => {
    const known = new Set([...settings.map(([name]) => name), ...allMatches(compose, /([A-Z][A-Z0-9_]+)/g)]);
    expect(allMatches(example, /^#?([A-Z][A-Z0-9_]*)=/gm).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('docker-compose.yml', () => {
  it.each(given)('gives %s its %s', (reader, name) => {
    expect(namesIn(reader)).toContain(name);
  });

  it('asks for nothing that .env.example does not name', () => {
    const named = allMatches(example, /^#?([A-Z][A-Z0-9_]*)=/gm);
    expect(allMatches(compose, /\$\{([A-Z][A-Z0-9_]*)/g).filter((name) => !named.includes(name))).toEqual([]);
  });

  it('gives the bridge what config/models.yaml names, and the file itself', () => {
    const named = allMatches(textOf('config/models.yaml'), /\$\{([A-Z][A-Z0-9_]*)\}/g);
    expect(namesIn('ml-bridge')).toEqual(expect.arrayContaining(named));
    expect(compose).toContain('- ./config:/app/config:ro');
  });

  it('does not start without every password', () => {
    expect(allMatches(compose, /\$\{(\w*(?:PASSWORD|SECRET)\w*)(?!\w*:\?)/g)).toEqual([]);
  });
});
