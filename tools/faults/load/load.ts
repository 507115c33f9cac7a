import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FileView } from '#contracts';
import { projectRoot } from '../../local-stack/state/folders.js';
import { Random } from '../random.js';
import { ApiUser } from './api-user.js';
import { Customer } from './customer.js';
import { Ledger, type Wish } from './ledger.js';
import { taskFor } from './requests.js';

const accounts = 6;
const uploadEveryMs = 1000;
const usual: Record<Wish, number> = { watch: 30, wait: 15, follow: 15, cancel: 12, remove: 10, hurry: 6, twice: 12 };

/** Customers who order one task after another, each seen through before the next, until they are told to stop. */
export class Load {
  private stopping = false;
  private readonly customers: Promise<void>[] = [];
  private users: ApiUser[] = [];

  constructor(
    private readonly url: string,
    private readonly ledger: Ledger,
    private readonly random: Random,
  ) {}

  /** Begins with accounts and pictures, for which the system has to be sound. */
  async start(customers: number, mostOrders: number): Promise<void> {
    const users = await Promise.all(Array.from({ length: accounts }, () => ApiUser.register(this.url, this.ledger)));
    this.users = users;
    const fileIds = await Promise.all(users.map(uploadSample));
    for (let index = 0; index < customers; index++) {
      const random = new Random(this.random.seed + index + 1);
      const customer = new Customer(users[index % accounts]!, this.ledger, random);
      this.customers.push(this.orders(customer, random, fileIds[index % accounts]!, mostOrders));
    }
  }

  /** From now on everybody uploads a picture now and then: one that is not taken is a surprise. */
  keepUploading(): void {
    this.customers.push(...this.users.map((user) => this.uploads(user)));
  }

  /** No new orders; resolves when all have been seen through. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.customers);
  }

  private async uploads(user: ApiUser): Promise<void> {
    for (; !this.stopping; await delay(uploadEveryMs)) {
      await uploadSample(user).catch((error: Error) => this.ledger.surprises.push(error.message));
    }
  }

  private async orders(customer: Customer, random: Random, fileId: string, most: number): Promise<void> {
    while (!this.stopping) {
      await delay(random.between(200, 2500));
      if (this.ledger.orders.length >= most) continue;
      const wish = random.weighted(usual);
      await customer.order(wish, taskFor(wish, fileId, random));
    }
  }
}

async function uploadSample(user: ApiUser): Promise<string> {
  const picture = await readFile(path.join(projectRoot(), 'tools', 'demo', 'sample.png'));
  const form = new FormData();
  form.append('file', new Blob([picture]), 'sample.png');
  const { status, body } = await user.ask('POST', '/upload', { form });
  if (status !== 201) throw new Error(`the picture was not taken: ${status} ${JSON.stringify(body)}`);
  return (body as FileView).file_id;
}
