import { sourcesBelow, textOf } from './source-files.js';

/** Which apps speak a message, by the name of its contract. */
export interface MessageUsers {
  /** Apps that ask a question or announce a fact. */
  senders: Map<string, string[]>;
  /** Apps that take a fact in. */
  listeners: Map<string, string[]>;
}

const sends = /(?:\.call\(\s*|announce\(\s*\w+,\s*)(\w+)/g;
const listens = /(?:@On|\.facts\.on)\((\w+)/g;
const exported = /^export (?:class|const) (\w+)/gm;

/** Read from the sources of the apps, and of what they use of the libs: nothing else says who speaks what. */
export function messageUsers(): MessageUsers {
  const users: MessageUsers = { senders: new Map(), listeners: new Map() };
  const spokenInLibs = speakersInLibs();
  for (const file of sourcesBelow('apps')) {
    const app = file.split('/')[1]!;
    const text = textOf(file);
    const used = spokenInLibs.filter(({ names }) => names.some((name) => new RegExp(`\\b${name}\\b`).test(text)));
    for (const source of [text, ...used.map((speaker) => speaker.text)]) {
      for (const contract of namedBy(sends, source)) add(users.senders, contract, app);
      for (const contract of namedBy(listens, source)) add(users.listeners, contract, app);
    }
  }
  return users;
}

/** The files of the libs that send or listen for whoever uses what they export. */
const speakersInLibs = (): { names: string[]; text: string }[] =>
  sourcesBelow('libs')
    .map(textOf)
    .filter((text) => namedBy(sends, text).length + namedBy(listens, text).length > 0)
    .map((text) => ({ names: namedBy(exported, text), text }));

const namedBy = (pattern: RegExp, text: string): string[] => [...text.matchAll(pattern)].map(([, name]) => name!);

function add(users: Map<string, string[]>, contract: string, app: string): void {
  const known = users.get(contract) ?? [];
  if (!known.includes(app)) users.set(contract, [...known, app]);
}
