/** `npm run dead-letters -- list | show | replay | drop`: what services could not handle, and what becomes of it. */
import type { DeadLetter } from './dead-letter.js';
import { type Choice, DeadLetterQueue, NotReadable, type Outcome } from './dead-letter-queue.js';
import { type DeadLetterOptions, optionsFrom, usage } from './options.js';
import { placesFor } from './places.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const row = (queue: string, { id, type, since, reason, requestId }: DeadLetter): string =>
  [queue, id, type, since ?? 'unknown', reason, requestId ?? '-'].join('\t');

async function workOn(queue: DeadLetterQueue, { action, ids, limit }: DeadLetterOptions): Promise<void> {
  const isChosen: Choice = ({ id }) => ids.length === 0 || ids.includes(id);
  if (action === 'replay') return tell(queue, await queue.replay(limit, isChosen), 'replayed');
  if (action === 'drop') return tell(queue, await queue.drop(limit, isChosen), 'dropped');
  const seen = (await queue.look(limit)).filter(({ letter }) => isChosen(letter));
  for (const { letter, headers, body } of seen) {
    say(action === 'list' ? row(queue.name, letter) : JSON.stringify({ queue: queue.name, ...letter, headers, body }));
  }
  if (queue.size > limit) process.stderr.write(`${queue.name} has ${queue.size} messages; ${limit} were looked at.\n`);
}

function tell(queue: DeadLetterQueue, outcomes: Outcome[], done: string): void {
  for (const { letter, sentTo, problem } of outcomes) {
    say(
      `${problem ? `left alone, ${problem}` : `${done}${sentTo ? ` to ${sentTo}` : ''}`}\t${row(queue.name, letter)}`,
    );
    if (problem) process.exitCode = 1;
  }
}

function orNotReadable(error: unknown): false {
  if (error instanceof NotReadable) return false;
  throw error;
}

async function main(): Promise<void> {
  const options = optionsFrom(process.argv.slice(2));
  let found = 0;
  for (const { url, queue: name } of placesFor(options)) {
    const queue = await DeadLetterQueue.open(url, name);
    if (!queue) continue;
    const isOurs = await workOn(queue, options).then(() => true, orNotReadable);
    await queue.close();
    if (isOurs) found++;
  }
  if (found === 0) throw new Error('There is no such queue, or this user may not read it.');
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n\n${usage}\n`);
  process.exitCode = 1;
});
