import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { keySetChanged } from '#contracts';
import { announce, databaseTime } from '#persistence';
import { AuthConfig } from '../auth.config.js';
import { isRotationDue, outdatedAt } from './key-ring.js';
import { seal } from './seal.js';
import { newKeyPair, type SigningKey } from './signing-key.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/** Verifiers' clocks may be behind, and a token may be signed in the moment its key is replaced. */
const marginSeconds = 60;

/** Makes signing keys and takes them away. Replicas that want the same at once wait for each other, and the second finds it done. */
@Injectable()
export class KeyRotationService {
  private readonly logger = new Logger(KeyRotationService.name);

  constructor(
    private readonly database: DataSource,
    private readonly keys: SigningKeysRepository,
    private readonly config: AuthConfig,
  ) {}

  /** Makes the first key, which signs at once; where there is one, nothing. */
  async makeFirst(): Promise<void> {
    if ((await this.keys.all()).length > 0) return;
    await this.locked(async (tx, now) => {
      if ((await this.keys.all(tx)).length === 0) await this.keys.insert(tx, this.newKey(now, now));
    });
  }

  /** The regular work: the next key when it is due, and away with those that nobody needs. */
  async upkeep(): Promise<void> {
    const [keys, now] = [await this.keys.all(), await databaseTime(this.database.manager)];
    if (this.isDue(keys, now)) await this.rotate((current, time) => this.isDue(current, time));
    else if (this.outdated(keys, now).length > 0) await this.removeOutdated();
  }

  /** Makes the next key: published now, signing after SIGNING_KEY_LEAD_SECONDS. Returns its id. */
  async rotate(isWanted: (keys: SigningKey[], now: Date) => boolean = () => true): Promise<string | null> {
    return this.locked(async (tx, now) => {
      if (!isWanted(await this.keys.all(tx), now)) return null;
      const signsFrom = new Date(now.getTime() + this.config.SIGNING_KEY_LEAD_SECONDS * 1000);
      return this.publish(tx, this.newKey(now, signsFrom));
    });
  }

  /** For a key that got into wrong hands: one new key signs at once, all others are gone, and with them every access token. */
  async replaceAll(): Promise<string> {
    return this.locked(async (tx, now) => {
      await this.keys.delete(tx, await this.keys.all(tx));
      return this.publish(tx, this.newKey(now, now));
    });
  }

  private isDue = (keys: SigningKey[], now: Date): boolean => isRotationDue(keys, now, this.config.SIGNING_KEY_DAYS);

  private outdated = (keys: SigningKey[], now: Date): SigningKey[] =>
    outdatedAt(keys, now, this.config.ACCESS_TOKEN_SECONDS + marginSeconds);

  private async removeOutdated(): Promise<void> {
    await this.locked(async (tx, now) => {
      const outdated = this.outdated(await this.keys.all(tx), now);
      if (outdated.length === 0) return;
      await this.keys.delete(tx, outdated);
      await announce(tx, keySetChanged, {});
    });
  }

  private async publish(tx: EntityManager, key: SigningKey): Promise<string> {
    await this.keys.insert(tx, key);
    await announce(tx, keySetChanged, {});
    this.logger.log({ msg: 'a new signing key', kid: key.kid, signs_from: key.signsFrom });
    return key.kid;
  }

  private locked<T>(work: (tx: EntityManager, now: Date) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      await this.keys.lock(tx);
      return work(tx, await databaseTime(tx));
    });
  }

  private newKey(createdAt: Date, signsFrom: Date): SigningKey {
    const { kid, publicKey, privateKey } = newKeyPair();
    const der = privateKey.export({ format: 'der', type: 'pkcs8' });
    return { kid, publicKey, sealedPrivateKey: seal(der, this.config.AUTH_SECRET, kid), createdAt, signsFrom };
  }
}
