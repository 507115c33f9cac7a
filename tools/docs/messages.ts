import * as contracts from '#contracts';
import type { Class, Event, Rpc } from '#contracts';
import { docCommentsOf } from './doc-comments.js';
import { code, generatedPage, table } from './markdown.js';
import { messageFields } from './message-fields.js';
import { messageUsers } from './message-users.js';
import { sourcesBelow } from './source-files.js';

/** docs/messages.md: every question and every fact that crosses the broker, with the fields of each. */
export function messagesPage(): string {
  const { rpcs, events } = contracts.allContracts();
  const users = messageUsers();
  const questions = rpcs.map((rpc) => [
    code(rpc.key),
    rpc.service,
    appsOf(users.senders, rpc),
    link(rpc.request),
    link(rpc.reply),
  ]);
  const facts = events.map((event) => [
    code(event.key),
    appsOf(users.senders, event),
    appsOf(users.listeners, event),
    link(event.payload),
  ]);
  return generatedPage(
    '# Messages',
    'Everything that crosses the broker between the gateway and the services. Each message is defined once, in `libs/contracts/src`;\n' +
      'both ends import it, and whoever receives a question or a fact checks it. What the bridge and the ML workers say to each other is\n' +
      'another contract: [workers.md](workers.md).',
    '## Questions',
    'A question goes to the queue `<service>.questions` with its key as the AMQP `type`, and is answered with the reply or with a\n' +
      '[problem](problems.md). It lives as long as its caller waits.',
    table(['Key', 'Answered by', 'Asked by', 'Request', 'Reply'], questions),
    '## Facts',
    'A fact goes to the topic exchange `events` with its key as the routing key, and from there into the queue `<service>.events` of\n' +
      'everybody who listens. It is delivered at least once; its message id is the key of the inbox.',
    table(['Key', 'Announced by', 'Listened to by', 'Payload'], facts),
    '## Fields',
    ...messageClasses([...rpcs.flatMap(({ request, reply }) => [request, reply]), ...events.map((it) => it.payload)]),
  );
}

const link = ({ name }: Class<unknown>): string => `[${name}](#${name.toLowerCase()})`;

/** The apps under the name by which they import the contract. */
function appsOf(users: Map<string, string[]>, contract: Rpc | Event): string {
  const name = Object.entries(contracts).find(([, value]) => value === contract)?.[0] ?? '';
  return (users.get(name) ?? []).join(', ') || '–';
}

/** A section for each class, and for those inside it, by name. */
function messageClasses(named: readonly Class<unknown>[]): string[] {
  const all = new Set<Class<unknown>>();
  const visit = (type: Class<unknown>): void => {
    if (all.has(type)) return;
    all.add(type);
    for (const { nested } of messageFields(type)) if (nested) visit(nested);
  };
  named.forEach(visit);
  const comments = commentsOfContracts();
  return [...all]
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
    .flatMap((type) => section(type, comments.get(type.name) ?? ''));
}

function section(type: Class<unknown>, comment: string): string[] {
  const fields = messageFields(type);
  const rows = fields.map(({ name, kind, presence, description }) => [code(name), kind, presence, description]);
  const content = rows.length > 0 ? table(['Field', 'Kind', 'Presence', 'Meaning'], rows) : 'It has no fields.';
  return [`### ${type.name}`, ...(comment ? [comment] : []), content];
}

const commentsOfContracts = (): Map<string, string> =>
  new Map(sourcesBelow('libs/contracts/src').flatMap((file) => [...docCommentsOf(file).declarations]));
