import { event, rpc } from './contract.js';
import { Email, Id, Nested, OneOf, Secret, Text, Time } from './fields.js';

/** Where there is nothing to ask or to answer. */
export class Nothing {
  declare readonly nothing?: never;
}

/** Who is at the other end of a request: for the list of sessions, and for counting wrong passwords. */
export class Client {
  @Text({ max: 64, description: 'An IPv4 or IPv6 address' }) address: string;
  @Text({ max: 512, nullable: true, description: 'The User-Agent header' }) user_agent: string | null;
}

/** The body of POST /auth/register. */
export class NewAccount {
  @Email({ example: 'ada@example.org' }) email: string;
  @Secret({ min: 8, max: 128, description: '8 to 128 characters, no composition rules; common ones are refused' })
  password: string;
  @Text({ max: 80, optional: true, example: 'Ada' }) display_name?: string;
}

export class RegisterAccount extends NewAccount {
  @Nested(() => Client) client: Client;
}

/** The body of PATCH /auth/profile: what is left out stays. */
export class ProfileChange {
  @Text({ max: 80, optional: true, nullable: true, description: 'null takes it away', example: 'Ada' })
  display_name?: string | null;
}

export class ChangeAccount extends ProfileChange {
  @Id() account_id: string;
}

/** The body of PUT /auth/password. */
export class PasswordChange {
  @Secret({ min: 1, max: 128 }) current_password: string;
  @Secret({ min: 8, max: 128, description: '8 to 128 characters, no composition rules; common ones are refused' })
  new_password: string;
}

/** The session that asks for it is the only one that goes on. */
export class ChangePassword extends PasswordChange {
  @Id() account_id: string;
  @Id() session_id: string;
  @Nested(() => Client) client: Client;
}

/** The body of DELETE /auth/profile. */
export class PasswordProof {
  @Secret({ min: 1, max: 128 }) password: string;
}

export class EraseAccount extends PasswordProof {
  @Id() account_id: string;
  @Nested(() => Client) client: Client;
}

export class AccountId {
  @Id() account_id: string;
}

/** An account as its owner sees it. */
export class AccountView {
  @Id() id: string;
  @Email() email: string;
  @Text({ min: 0, max: 80, nullable: true }) display_name: string | null;
  @Time() created_at: string;
}

/** The services that keep something of an account. */
export const accountKeepers = ['task', 'storage', 'ml-bridge'] as const;
export type AccountKeeper = (typeof accountKeepers)[number];

/** One service has nothing of an erased account any more. */
export class AccountDataErased extends AccountId {
  @OneOf(accountKeepers) service: AccountKeeper;
}

export const findAccount = rpc('auth', 'account.find', AccountId, AccountView);
export const changeAccount = rpc('auth', 'account.change', ChangeAccount, AccountView);
export const changePassword = rpc('auth', 'account.change-password', ChangePassword, Nothing);
export const eraseAccount = rpc('auth', 'account.erase', EraseAccount, Nothing);

/** The account is gone and its sessions have ended: everybody erases what is left of it. Announced again until all have confirmed. */
export const accountErased = event('account.erased', AccountId);
export const accountDataErased = event('account.data-erased', AccountDataErased);
