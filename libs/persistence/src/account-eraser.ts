import {
  type FactoryProvider,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type Type,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { accountDataErased, type AccountKeeper } from '#contracts';
import { claimErased, lookAgain, markErased, settleErased } from './erased-accounts.js';
import { announce } from './outbox.js';
import { RecurringWork } from './recurring-work.js';

/** What one look for an account's data came to: there was none, some was removed, or some has to be waited for. */
export type ErasureFinding = 'nothing' | 'removed' | 'waiting';

/** Removes a portion of what a service has of an account, in seconds at most. It may be repeated, and run in several replicas at once. */
export type EraseSome = (accountId: string) => Promise<ErasureFinding>;

const tickEveryMs = 1000;
const waitSeconds = 5;

/**
 * Removes what a service has of erased accounts, portion by portion, and says so when nothing is left. What is to be done is in the
 * table alone: any replica goes on with it, also after a restart, and accounts take turns. It goes on looking while an account is
 * remembered, for whatever arrives late.
 */
@Injectable()
export class AccountEraser implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(AccountEraser.name);
  private readonly work = new RecurringWork(AccountEraser.name, tickEveryMs, () => this.round());

  constructor(
    private readonly database: DataSource,
    private readonly service: AccountKeeper,
    private readonly eraseSome: EraseSome,
  ) {}

  onApplicationBootstrap(): void {
    this.work.start();
  }

  /** Finishes the portion at hand; the rest is somebody else's. */
  onModuleDestroy(): Promise<void> {
    return this.work.stop();
  }

  /** From now on nothing is made for the account. Said again, it is looked again, and confirmed again. */
  async begin(accountId: string): Promise<void> {
    await this.database.transaction((tx) => markErased(tx, accountId));
    this.work.wake();
  }

  private async round(): Promise<void> {
    while (!this.work.stopping) {
      const accountId = await claimErased(this.database.manager);
      if (!accountId) return;
      await this.look(accountId);
    }
  }

  private async look(accountId: string): Promise<void> {
    const finding = await this.eraseSome(accountId).catch((error: unknown): ErasureFinding => {
      this.logger.warn({ msg: 'erasing is tried again', account_id: accountId, err: error });
      return 'waiting';
    });
    if (finding === 'nothing') await this.settle(accountId);
    else await lookAgain(this.database.manager, accountId, finding === 'waiting' ? waitSeconds : 0);
  }

  private async settle(accountId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      if (!(await settleErased(tx, accountId))) return;
      await announce(tx, accountDataErased, { account_id: accountId, service: this.service });
      this.logger.log({ msg: 'nothing is left of an erased account', account_id: accountId });
    });
  }
}

/** The eraser of a service, which removes what the given provider knows to remove. */
export const accountEraser = (
  service: AccountKeeper,
  remover: Type<{ eraseSome: EraseSome }>,
): FactoryProvider<AccountEraser> => ({
  provide: AccountEraser,
  inject: [DataSource, remover],
  useFactory: (database: DataSource, erasure: { eraseSome: EraseSome }) =>
    new AccountEraser(database, service, (accountId) => erasure.eraseSome(accountId)),
});
