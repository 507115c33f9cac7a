import { sourcesBelow, textOf } from './source-files.js';

/** Which apps speak a message, by the name of its contract. */
export interface MessageUsers {
  /** Apps that ask a question or announce a fact. */
  senders: Map<string, string[]>;
  /** Apps that take a fact in. */
  listeners: Map<string, string[]>;
}

const sends = /(?:\.call\(|announce\(\s*\w+,\s*)(\w+)/g;
const listens = /(?:@On|\.facts\.on)\((\w+)/g;
const exportsClass = /export class (\w+)/g;

/** Read from the sources of the apps, and of the classes of the libs that they use: nothing else says who speaks what. */
export function messageUsers(): MessageUsers {
  const users: MessageUsers = { senders: new Map(), listeners: new Map() };
  const ofLibs = sendersInLibs();
  for (const file of sourcesBelow('apps')) {
    const app = file.split('/')[1]!;
    const text = textOf(file);
    for (const [, contract] of text.matchAll(sends)) add(users.senders, contract!, app);
    for (const [, contract] of text.matchAll(listens)) add(users.listeners, contract!, app);
    for (const [name, contract] of ofLibs) if (text.includes(`new ${name}(`)) add(users.senders, contract, app);
  }
  return users;
}

/** The classes of the libs that announce a fact for whoever makes one, each with the name of the contract. */
const sendersInLibs = (): [string, string][] =>
  sourcesBelow('libs').flatMap((file) => {
    const text = textOf(file);
    const names = [...text.matchAll(exportsClass)].map(([, name]) => name!);
    return [...text.matchAll(sends)].flatMap(([, contract]) =>
      names.map((name): [string, string] => [name, contract!]),
    );
  });

function add(users: Map<string, string[]>, contract: string, app: string): void {
  const known = users.get(contract) ?? [];
  if (!known.includes(app)) users.set(contract, [...known, app]);
}
