import { randomUUID } from 'node:crypto';
import {
  activeIn,
  type Answers,
  type Command,
  concurrencyIn,
  parseAnswer,
  queuesIn,
} from './messages/celery-control.js';

/** A worker that does not answer within this time is not there. */
const answerWithinMs = 1000;
/** How long a worker counts that was heard: it may miss a question or two. */
const rememberedMs = 15_000;

interface Question {
  answers: Answers;
  isAnswered: (answers: Answers) => boolean;
  finish: () => void;
}

/** The workers behind one broker: asks them, and remembers what they are. */
export class CeleryWorkers {
  private readonly questions = new Map<string, Question>();
  private readonly known = new Map<string, { queues: string[]; concurrency: number; heardAt: number }>();

  /** `tell`: sends a command to all of them, whose answers come to `hear`. */
  constructor(private readonly tell: (command: Command, ticket: string) => Promise<void>) {}

  hear(ticket: string, body: string): void {
    const question = this.questions.get(ticket);
    if (!question) return;
    for (const [node, answer] of parseAnswer(body)) question.answers.set(node, answer);
    if (question.isAnswered(question.answers)) question.finish();
  }

  /** Looks who is there. */
  async refresh(): Promise<void> {
    const [queues, stats] = await Promise.all([
      this.ask({ method: 'active_queues', arguments: {} }),
      this.ask({ method: 'stats', arguments: {} }),
    ]);
    const heardAt = performance.now();
    for (const [node, answer] of queues) {
      const concurrency = stats.has(node) ? concurrencyIn(stats.get(node)) : (this.known.get(node)?.concurrency ?? 1);
      this.known.set(node, { queues: queuesIn(answer), concurrency, heardAt });
    }
    for (const [node, worker] of this.known) if (heardAt - worker.heardAt > rememberedMs) this.known.delete(node);
  }

  /** How many tasks of a queue they do at once. */
  slotsOf(queue: string): number {
    const now = performance.now();
    return [...this.known.values()]
      .filter(({ queues, heardAt }) => queues.includes(queue) && now - heardAt <= rememberedMs)
      .reduce((slots, { concurrency }) => slots + concurrency, 0);
  }

  /** Which of these tasks they are at, as far as they answer. */
  async activeAmong(ids: readonly string[]): Promise<Set<string>> {
    const active = (answers: Answers): Set<string> => new Set([...answers.values()].flatMap(activeIn));
    const answers = await this.ask(
      { method: 'query_task', arguments: { ids } },
      (so) => active(so).size === new Set(ids).size,
    );
    return active(answers);
  }

  /** Everybody is waited for, unless there is nothing more to be learned. */
  private async ask(command: Command, isAnswered: Question['isAnswered'] = () => false): Promise<Answers> {
    const ticket = randomUUID();
    const answers: Answers = new Map();
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<void>((finish) => {
      timer = setTimeout(finish, answerWithinMs);
      this.questions.set(ticket, { answers, isAnswered, finish });
    });
    try {
      await this.tell(command, ticket);
      await answered;
      return answers;
    } finally {
      clearTimeout(timer);
      this.questions.delete(ticket);
    }
  }
}
