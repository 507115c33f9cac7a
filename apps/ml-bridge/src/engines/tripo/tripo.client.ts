import type { ServerSettings } from '../../catalogue/catalogue-model.js';
import { fieldsOf, textOf } from '../../json.js';
import { idOf, unexpected } from '../answers.js';
import type { EngineAdapter, EngineOutput, EngineRun } from '../engine-adapter.js';
import { EngineHttpClient, type FormFile } from '../engine-http.client.js';
import { picturesOf } from '../job-contents.js';
import { optionsOf } from '../options/engine-options.js';
import type { TripoOptions } from '../options/tripo-options.js';
import { Account } from '../paid/account.js';
import {
  fetched,
  follow,
  lostSubmission,
  type NoRoom,
  type Progress,
  retryAfterMs,
  sendOnce,
  type Submission,
  whenThereIsRoom,
} from '../paid/paid-task.js';
import { type Patience, usualPatience } from '../poll.js';
import { dataOf, isAnswer, isBusy, progressOf, taskOf } from './tripo-tasks.js';

/** The task at Tripo; null while it is being sent. */
interface Remote {
  id: string | null;
}

const sendMs = 60_000;

/**
 * Has models made by Tripo (API v3, docs.tripo3d.ai), which costs money. A task there cannot be stopped: one that was begun is paid for and
 * runs to its end.
 */
export class TripoAdapter implements EngineAdapter {
  private readonly http: EngineHttpClient;
  private readonly options: TripoOptions;
  private readonly account: Account;

  constructor(
    server: ServerSettings,
    private readonly patience: Patience = usualPatience,
  ) {
    this.http = new EngineHttpClient(server);
    this.options = optionsOf('tripo', server.options) as TripoOptions;
    this.account = new Account(
      async (signal) => dataOf(await this.http.call('GET', '/account/balance', { signal })).balance,
    );
  }

  /** Whether the key is good for anything: also a wrong one has no money. */
  isReady(signal: AbortSignal): Promise<boolean> {
    return this.account.canPay(signal);
  }

  async run(run: EngineRun): Promise<EngineOutput> {
    const id = await this.taskFor(run);
    const address = await follow(run, this.patience, () => this.ask(run, id));
    const limits = { signal: run.signal, origins: this.options.download_origins };
    return { glb: await fetched(run, this.patience, () => this.http.download(address, limits)) };
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  private async taskFor(run: EngineRun): Promise<string> {
    const known = remoteOf(run.remote);
    if (known?.id === null) throw lostSubmission('the bridge was restarted');
    if (known) return known.id;
    const { path, bodyOf } = taskOf(run.job, this.options);
    const tokens = new Map<string, string>();
    for (const { view, input } of picturesOf(run.job)) {
      const file = { name: input.name, type: input.content_type, bytes: await run.read(input) };
      const { token } = await whenThereIsRoom(run, this.patience, () => this.upload(file, run.signal));
      tokens.set(view, token);
    }
    return sendOnce({
      run,
      patience: this.patience,
      keep: (id) => run.remember(id === undefined ? null : ({ id } satisfies Remote)),
      send: (signal) => this.submit(path, bodyOf(tokens), signal),
    });
  }

  private async upload(file: FormFile, signal: AbortSignal): Promise<{ token: string } | NoRoom> {
    const answer = await this.http.call('POST', '/files', { signal, form: [['file', file]], timeoutMs: sendMs });
    if (isBusy(answer)) return { retryAfterMs: retryAfterMs(answer) };
    const token = textOf(dataOf(answer).file_token);
    if (token === undefined) throw unexpected(answer);
    return { token };
  }

  private async submit(path: string, json: object, signal: AbortSignal): Promise<Submission> {
    const answer = await this.http.call('POST', path, { signal, json, timeoutMs: sendMs });
    if (isBusy(answer)) return { retryAfterMs: retryAfterMs(answer) };
    const id = isAnswer(answer) ? idOf(dataOf(answer).task_id) : undefined;
    if (id === undefined) throw lostSubmission(answer.excerpt);
    return { id };
  }

  private async ask({ signal }: EngineRun, id: string): Promise<Progress<string>> {
    const answer = await this.http.call('GET', `/tasks/${id}`, { signal });
    return isBusy(answer) ? { stage: 'generate' } : progressOf(answer);
  }
}

function remoteOf(remembered: unknown): Remote | null {
  const { id } = fieldsOf(remembered);
  return id === undefined ? null : { id: idOf(id) ?? null };
}
