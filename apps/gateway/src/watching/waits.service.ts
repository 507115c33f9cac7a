import type { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { finalStatuses, findTask, Problem, type TaskOfOwner, type TaskView } from '#contracts';
import { RpcClient } from '#messaging';
import type { Watch } from './watch.js';
import { WatchesService } from './watches.service.js';

/** Whoever waits looks by itself this often: a fact can be missed. */
const lookEveryMs = 5000;

/** Answers with a task: as it is, or as soon as there is news of it. */
@Injectable()
export class WaitsService {
  constructor(
    private readonly rpc: RpcClient,
    private readonly watches: WatchesService,
  ) {}

  /**
   * The task, when its status or progress has changed since the question; after so many seconds, or when the gateway or the client
   * leaves, as it is then. One that has ended is answered at once.
   */
  async read(task: TaskOfOwner, seconds: number, client: ServerResponse): Promise<TaskView> {
    if (seconds === 0) return this.rpc.call(findTask, task);
    const watch = this.watches.begin(task.owner_id, task.task_id);
    const leave = (): void => watch.end();
    client.once('close', leave);
    if (client.destroyed) leave();
    try {
      return await this.changed(task, watch, performance.now() + seconds * 1000);
    } finally {
      client.off('close', leave);
      watch.end();
    }
  }

  /** The watch began before the first look: no change is lost between them. */
  private async changed(task: TaskOfOwner, watch: Watch, until: number): Promise<TaskView> {
    const first = await this.rpc.call(findTask, task);
    if (hasEnded(first)) return first;
    for (;;) {
      await watch.news(Math.min(lookEveryMs, Math.max(0, until - performance.now())));
      const over = watch.ended || performance.now() >= until;
      const now = await this.look(task, over);
      if (now && (over || now.status !== first.status || now.progress !== first.progress)) return now;
    }
  }

  /** While there is time a service that does not answer is asked again: null. */
  private async look(task: TaskOfOwner, last: boolean): Promise<TaskView | null> {
    try {
      return await this.rpc.call(findTask, task);
    } catch (error) {
      if (last || !(error instanceof Problem) || error.code !== 'service_unavailable') throw error;
      return null;
    }
  }
}

const hasEnded = ({ status }: TaskView): boolean => (finalStatuses as readonly string[]).includes(status);
