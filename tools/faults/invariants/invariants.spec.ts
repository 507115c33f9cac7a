import { Ledger } from '../load/ledger.js';
import { aBadAnswer, anEvidence, anOrder } from './an-evidence.js';
import type { Evidence } from './evidence.js';
import { invariants, violationsOf } from './invariants.js';

/** The ledger of one order and one answer. */
const ledgerWith = (order = anOrder(), answer = aBadAnswer()): Ledger => {
  const ledger = new Ledger();
  ledger.orders.push(order);
  ledger.badAnswers.push(answer);
  return ledger;
};

type Spoiled = (sound: Evidence) => Partial<Evidence>;
const task = ({ tasks: [one] }: Evidence) => one!;

const cases: [string, string, Spoiled][] = [
  ['nobody is surprised', 'a client was', ({ ledger }) => ({ ledger: Object.assign(ledger, { surprises: ['!'] }) })],
  ['every accepted order ends once', 'a task is gone', () => ({ tasks: [], files: [], events: [] })],
  [
    'every accepted order ends once',
    'a task runs for ever',
    (sound) => ({ tasks: [{ ...task(sound), status: 'running' }] }),
  ],
  [
    'every accepted order ends once',
    'a task ended twice',
    () => ({ ledger: ledgerWith(anOrder({ seen: 'canceled' })) }),
  ],
  ['every accepted order ends once', 'nobody saw it end', () => ({ ledger: ledgerWith(anOrder({ seen: undefined })) })],
  [
    'every accepted order ends once',
    'a removed task is there',
    () => ({ ledger: ledgerWith(anOrder({ removed: true })) }),
  ],
  [
    'a key makes one task',
    'two answers',
    () => ({ ledger: ledgerWith(anOrder({ taskIds: new Set(['task-1', 'b']) })) }),
  ],
  ['a key makes one task', 'two rows', (sound) => ({ tasks: [task(sound), { ...task(sound), id: 'task-2' }] })],
  ['a healthy task succeeds', 'it failed', (sound) => ({ tasks: [{ ...task(sound), status: 'failed' }] })],
  [
    'a healthy task succeeds',
    'it was canceled by nobody',
    (sound) => ({ tasks: [{ ...task(sound), status: 'canceled' }] }),
  ],
  ['the history of a task is whole', 'a hole', ({ events }) => ({ events: events.toSpliced(1, 1) })],
  ['the history of a task is whole', 'the end is missing', ({ events }) => ({ events: events.slice(0, 2) })],
  [
    'the history of a task is whole',
    'something after the end',
    (sound) => ({
      tasks: [{ ...task(sound), seq: 4 }],
      events: [...sound.events, { taskId: 'task-1', seq: 4, status: 'succeeded', progress: 100 }],
    }),
  ],
  [
    'the history of a task is whole',
    'progress fell',
    ({ events }) => ({ events: events.map((event) => ({ ...event, progress: 100 - event.progress })) }),
  ],
  ['what succeeded has its artifacts', 'no object', () => ({ objects: new Map() })],
  [
    'what succeeded has its artifacts',
    'other bytes',
    ({ objects }) => ({ objects: spoiled(objects, { sha256: 'b' }) }),
  ],
  ['what succeeded has its artifacts', 'fewer bytes', ({ objects }) => ({ objects: spoiled(objects, { size: 9 }) })],
  ['what succeeded has its artifacts', 'no file', ({ files }) => ({ files: files.slice(1) })],
  [
    'what succeeded has its artifacts',
    'a format is missing',
    (sound) => ({ tasks: [{ ...task(sound), outputFormats: ['obj'] }] }),
  ],
  [
    'nothing is left over',
    'a temporary object',
    ({ objects }) => ({ objects: new Map([...objects, ['tmp/x', { size: 1, sha256: '' }]]) }),
  ],
  [
    'nothing is left over',
    'a file of a task that is gone',
    ({ files }) => ({ files: [...files, { ...files[0]!, id: 'f', taskId: 'gone' }] }),
  ],
  [
    'nothing is left over',
    'a file that is no artifact',
    ({ files }) => ({ files: [...files, { ...files[0]!, id: 'f' }] }),
  ],
  ['every fact has been told', 'one has not', () => ({ outboxes: { task: 1 } })],
  [
    'only poison is parked',
    'a good message is',
    ({ deadLetters }) => ({ deadLetters: [{ ...deadLetters[0]!, messageId: 'm' }] }),
  ],
  [
    'every refusal is explained',
    'without a fault',
    () => ({ ledger: ledgerWith(undefined, aBadAnswer({ at: 9000 })) }),
  ],
  [
    'every refusal is explained',
    'no Retry-After',
    () => ({ ledger: ledgerWith(undefined, aBadAnswer({ retryAfter: null })) }),
  ],
  [
    'every refusal is explained',
    'no problem',
    () => ({ ledger: ledgerWith(undefined, aBadAnswer({ contentType: 'text/html' })) }),
  ],
  [
    'every refusal is explained',
    'no answer from a gateway that ran',
    ({ episodes }) => ({
      ledger: ledgerWith(undefined, aBadAnswer({ status: 0 })),
      episodes: [{ ...episodes[0]!, fault: 'kill task' }],
    }),
  ],
  [
    'every refusal is explained',
    'a restart in turn was noticed',
    ({ episodes }) => ({ episodes: [{ ...episodes[0]!, fault: 'rolling restart of task' }] }),
  ],
  [
    'the system comes back',
    'it did not',
    ({ episodes }) => ({ episodes: [{ ...episodes[0]!, recoveredAt: undefined }] }),
  ],
  ['every slot is free', 'one is taken', (sound) => ({ tasks: [{ ...task(sound), isHandedOut: true }] })],
  ['every slot is free', 'one is lost', () => ({ slots: 1 })],
  ['no engine works for nobody', 'one does', () => ({ idleEngineLoad: 90 })],
];

const spoiled = (objects: Evidence['objects'], how: object): Evidence['objects'] =>
  new Map([...objects].map(([key, object]) => [key, { ...object, ...how }]));

describe('the invariants', () => {
  it('hold in a sound system', () => {
    expect(violationsOf(anEvidence())).toEqual([]);
  });

  it.each(cases)('%s: notices that %s', (invariant, _, spoil) => {
    const sound = anEvidence();
    expect(invariants[invariant]!({ ...sound, ...spoil(sound) })).not.toEqual([]);
  });

  it('have each been seen to fail', () => {
    expect(new Set(cases.map(([invariant]) => invariant))).toEqual(new Set(Object.keys(invariants)));
  });
});
