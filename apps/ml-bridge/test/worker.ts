import { type Channel, type ChannelModel, connect, type ConsumeMessage } from 'amqplib';
import { deadlineOf } from '#messaging';
import { eventually } from '#testing';
import {
  type Control,
  controlExchange,
  exactControl,
  exactJob,
  type Job,
  jobsQueue,
  workerEventsQueue,
} from '#worker-contract';

/** A worker that does only what the test says. */
export class Worker {
  readonly jobs: Job[] = [];
  readonly controls: Control[] = [];
  /** Until when each task's job was worth beginning, in epoch milliseconds. */
  readonly deadlines = new Map<string, number>();
  private connection!: ChannelModel;
  private channel!: Channel;

  async connect(url: string, pools = ['reference', 'convert']): Promise<this> {
    this.connection = await connect(url);
    this.channel = await this.connection.createChannel();
    this.channel.on('error', () => undefined); // a queue that is not there yet: what is awaited says so
    const { queue } = await this.channel.assertQueue('', { exclusive: true });
    await this.channel.bindQueue(queue, controlExchange, '');
    await this.channel.consume(queue, (message) => message && this.controls.push(exactControl(message.content)), {
      noAck: true,
    });
    for (const pool of pools) {
      await this.channel.consume(jobsQueue(pool), (message) => message && this.take(message), { noAck: true });
    }
    return this;
  }

  private take({ content, properties }: ConsumeMessage): void {
    const job = exactJob(content);
    this.deadlines.set(job.task_id, deadlineOf(properties)!);
    this.jobs.push(job);
  }

  jobOf(taskId: string): Promise<Job> {
    return eventually(() => {
      const job = this.jobs.find(({ task_id }) => task_id === taskId);
      if (!job) throw new Error('no job yet');
      return job;
    });
  }

  say(event: object | string): void {
    const body = typeof event === 'string' ? event : JSON.stringify(event);
    this.channel.publish(workerEventsQueue, '', Buffer.from(body), { persistent: true });
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
