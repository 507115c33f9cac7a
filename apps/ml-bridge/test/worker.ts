import { type Channel, type ChannelModel, connect } from 'amqplib';
import { eventually } from '#testing';
import {
  type Control,
  controlExchange,
  type Job,
  jobsQueue,
  parseControl,
  parseJob,
  workerEventsQueue,
} from '#worker-contract';

/** A worker that does only what the test says. */
export class Worker {
  readonly jobs: Job[] = [];
  readonly controls: Control[] = [];
  private connection!: ChannelModel;
  private channel!: Channel;

  async connect(url: string): Promise<this> {
    this.connection = await connect(url);
    this.channel = await this.connection.createChannel();
    const { queue } = await this.channel.assertQueue('', { exclusive: true });
    await this.channel.bindQueue(queue, controlExchange, '');
    await this.channel.consume(queue, (message) => message && this.controls.push(parseControl(message.content)), {
      noAck: true,
    });
    await this.channel.consume(
      jobsQueue('reference'),
      (message) => message && this.jobs.push(parseJob(message.content)),
      {
        noAck: true,
      },
    );
    return this;
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
