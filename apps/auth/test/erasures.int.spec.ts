import {
  accountDataErased,
  accountErased,
  type AccountKeeper,
  accountKeepers,
  eraseAccount,
  findAccount,
  listRevocations,
  openSession,
  refreshSession,
  registerAccount,
} from '#contracts';
import { eventually, StandIn } from '#testing';
import { ErasuresService } from '../src/erasures/erasures.service.js';
import { aClient, anAccount } from './an-account.js';
import { type AuthServers, authServers } from './auth-service.js';
import { race } from './race.js';

let auth: AuthServers;
let erasures: ErasuresService;
let keeper: StandIn;

beforeAll(async () => {
  auth = await authServers();
  erasures = (await auth.start()).get(ErasuresService);
  keeper = await new StandIn(auth.brokerUrl, 'task').hear(accountErased).start();
}, 60_000);
afterAll(async () => {
  await keeper.stop();
  await auth.drop();
});

const erase = (account_id: string, password: string) =>
  auth.rpc.call(eraseAccount, { account_id, password, client: aClient() });
const confirm = (account_id: string, service: AccountKeeper) =>
  keeper.announce(accountDataErased, { account_id, service });
const toldOf = (accountId: string) =>
  keeper.heardOf(accountErased).filter(({ account_id }) => account_id === accountId).length;
const waitingFor = async (accountId: string): Promise<string[] | undefined> => {
  const [row] = await auth
    .database()
    .query<{ waiting_for: string[] }[]>('SELECT waiting_for FROM erasures WHERE account_id = $1', [accountId]);
  return row?.waiting_for;
};
const longAgo = (accountId: string) =>
  auth
    .database()
    .query(
      `UPDATE erasures SET erased_at = now() - interval '1 day', announced_at = now() - interval '1 hour' WHERE account_id = $1`,
      [accountId],
    );

/** An account that was erased, and all that it had. */
async function erased() {
  const request = anAccount();
  const opened = await auth.rpc.call(registerAccount, request);
  await erase(opened.user.id, request.password);
  return { request, ...opened };
}

/** Every row of the schema that says something of the account. */
async function leftOf(accountId: string, email: string): Promise<string[]> {
  const tables = await auth
    .database()
    .query<{ name: string }[]>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT IN ('migrations', 'erasures')`,
    );
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const rows: unknown[] = await auth
        .database()
        .query(`SELECT 1 FROM ${name} AS t WHERE t::text ILIKE '%' || $1 || '%' OR t::text ILIKE '%' || $2 || '%'`, [
          accountId,
          email,
        ]);
      return rows.length > 0 ? [name] : [];
    }),
  );
  return found.flat();
}

describe('erasing an account', () => {
  it('needs the password', async () => {
    const request = anAccount();
    const { user, refresh_token } = await auth.rpc.call(registerAccount, request);
    await expect(erase(user.id, 'not my password')).rejects.toMatchObject({ code: 'wrong_password' });
    await auth.rpc.call(refreshSession, { refresh_token, client: aClient() });
  });

  it('ends its sessions at once and leaves nothing of it in this schema', async () => {
    const { user, request, refresh_token } = await erased();
    await expect(auth.rpc.call(refreshSession, { refresh_token, client: aClient() })).rejects.toMatchObject({
      code: 'invalid_refresh_token',
    });
    await expect(auth.rpc.call(findAccount, { account_id: user.id })).rejects.toMatchObject({ code: 'invalid_token' });
    const { email, password } = request;
    await expect(auth.rpc.call(openSession, { email, password, client: aClient() })).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    expect((await auth.rpc.call(listRevocations, {})).account_ids).toContain(user.id);
    await eventually(async () => expect(await leftOf(user.id, request.email)).toEqual([]));
  });

  it('frees the address for somebody new, who has nothing of the old account', async () => {
    const { user, request } = await erased();
    const again = await auth.rpc.call(registerAccount, anAccount({ email: request.email }));
    expect(again.user.id).not.toBe(user.id);
  });

  it('happens once when it is asked for twice at once', async () => {
    const request = anAccount();
    const { user } = await auth.rpc.call(registerAccount, request);
    const { won, refused } = await race([erase(user.id, request.password), erase(user.id, request.password)]);
    expect(won).toHaveLength(1);
    expect(refused).toHaveLength(1);
    await eventually(() => expect(toldOf(user.id)).toBe(1));
  });

  it('waits until every service has confirmed, tells them again until then, and forgets the account', async () => {
    const { user } = await erased();
    expect(await waitingFor(user.id)).toEqual([...accountKeepers]);
    await eventually(() => expect(toldOf(user.id)).toBe(1));
    await confirm(user.id, 'task');
    await confirm(user.id, 'task');
    await eventually(async () => expect(await waitingFor(user.id)).toEqual(['storage', 'ml-bridge']));

    await erasures.remind();
    expect(toldOf(user.id)).toBe(1); // it is too early
    await longAgo(user.id);
    await Promise.all([erasures.remind(), erasures.remind()]);
    await eventually(() => expect(toldOf(user.id)).toBe(2));

    await confirm(user.id, 'storage');
    await confirm(user.id, 'ml-bridge');
    await eventually(async () => expect(await waitingFor(user.id)).toEqual([]));
    await erasures.remind();
    expect(await waitingFor(user.id)).toBeUndefined();
    expect(toldOf(user.id)).toBe(2);
  });

  it('is remembered while access tokens of it may be good, even when nothing is left', async () => {
    const { user } = await erased();
    for (const service of accountKeepers) await confirm(user.id, service);
    await eventually(async () => expect(await waitingFor(user.id)).toEqual([]));
    await erasures.remind();
    expect((await auth.rpc.call(listRevocations, {})).account_ids).toContain(user.id);
  });
});
