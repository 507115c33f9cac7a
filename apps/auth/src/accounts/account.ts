import type { AccountView, RegisterAccount } from '#contracts';

export interface Account {
  id: string;
  email: string;
  /** A PHC string; never leaves this service. */
  passwordHash: string;
  displayName: string | null;
  createdAt: Date;
}

/** The account that a registration makes. */
export function newAccount(id: string, request: RegisterAccount, passwordHash: string, now: Date): Account {
  const displayName = request.display_name?.trim() || null;
  return { id, email: request.email, passwordHash, displayName, createdAt: now };
}

/** The account as its owner sees it. */
export const accountView = ({ id, email, displayName, createdAt }: Account): AccountView => ({
  id,
  email,
  display_name: displayName,
  created_at: createdAt.toISOString(),
});
