import type { AccountView, RegisterAccount } from '#contracts';

export interface Account {
  id: string;
  email: string;
  /** A PHC string; never leaves this service. */
  passwordHash: string;
  /** One more at each change of the password: what was proved with an earlier one counts no more. */
  passwordVersion: number;
  displayName: string | null;
  createdAt: Date;
}

/** The account that a registration makes. */
export const newAccount = (
  id: string,
  { email, display_name }: Pick<RegisterAccount, 'email' | 'display_name'>,
  passwordHash: string,
  now: Date,
): Account => ({ id, email, passwordHash, passwordVersion: 1, displayName: nameOf(display_name), createdAt: now });

/** A name as it is kept: without spaces around it, and null when nothing else is in it. */
export const nameOf = (given: string | null | undefined): string | null => given?.trim() || null;

/** The account as its owner sees it. */
export const accountView = ({ id, email, displayName, createdAt }: Account): AccountView => ({
  id,
  email,
  display_name: displayName,
  created_at: createdAt.toISOString(),
});
