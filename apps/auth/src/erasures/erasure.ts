import { type AccountKeeper, accountKeepers } from '#contracts';

/** An account that is gone, and the services that have not confirmed yet that nothing of it is left with them. */
export interface Erasure {
  accountId: string;
  erasedAt: Date;
  /** When the services were told last. */
  announcedAt: Date;
  waitingFor: AccountKeeper[];
}

/** The erasure that begins now: everybody still has something. */
export const newErasure = (accountId: string, now: Date): Erasure => ({
  accountId,
  erasedAt: now,
  announcedAt: now,
  waitingFor: [...accountKeepers],
});
