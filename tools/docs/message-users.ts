import { sourcesBelow, textOf } from './source-files.js';

/** Which apps speak a message, by the name of its contract. */
export interface MessageUsers {
  /** Apps that ask a question or announce a fact. */
  senders: Map<string, string[]>;
  /** Apps that take a fact in. */
  listeners: Map<string, string[]>;
}

const sends = /(?:\.call\(|announce\(\s*\w+,\s*)(\w+)/g;
const listens = /@On\((\w+)\)/g;

/** Read from the sources of the apps: nothing else says who speaks what. */
export function messageUsers(): MessageUsers {
  const users: MessageUsers = { senders: new Map(), listeners: new Map() };
  for (const file of sourcesBelow('apps')) {
    const app = file.split('/')[1]!;
    const text = textOf(file);
    for (const [, contract] of text.matchAll(sends)) add(users.senders, contract!, app);
    for (const [, contract] of text.matchAll(listens)) add(users.listeners, contract!, app);
  }
  return users;
}

function add(users: Map<string, string[]>, contract: string, app: string): void {
  const known = users.get(contract) ?? [];
  if (!known.includes(app)) users.set(contract, [...known, app]);
}
