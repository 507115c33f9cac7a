import { createPrivateKey } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { KeySet } from '#contracts';
import { ConfigError } from '#runtime';
import { AuthConfig } from '../auth.config.js';
import { seal, SealBroken, unseal } from './seal.js';
import { newKeyPair, type Signer, type SigningKey } from './signing-key.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

@Injectable()
export class SigningKeysService implements OnModuleInit {
  private cached: Promise<Signer> | null = null;

  constructor(
    private readonly database: DataSource,
    private readonly keys: SigningKeysRepository,
    private readonly config: AuthConfig,
  ) {}

  /** A secret that does not fit the stored key stops the process here, not at the first log-in. */
  async onModuleInit(): Promise<void> {
    await this.signer();
  }

  /** The key that signs new access tokens; every replica has the same. */
  signer(): Promise<Signer> {
    this.cached ??= this.load().catch((error: unknown) => {
      this.cached = null;
      throw error;
    });
    return this.cached;
  }

  async keySet(): Promise<KeySet> {
    await this.signer(); // before the first key is made there is nothing to show
    return { keys: await this.keys.publicKeys() };
  }

  private async load(): Promise<Signer> {
    const stored = await this.keys.newest(this.database.manager);
    return this.open(stored ?? (await this.database.transaction((tx) => this.makeFirst(tx))));
  }

  /** Replicas that start at once wait here for each other: the first makes the key, the others find it. */
  private async makeFirst(tx: EntityManager): Promise<SigningKey> {
    await this.keys.lock(tx);
    const made = await this.keys.newest(tx);
    if (made) return made;
    const { kid, publicKey, privateKey } = newKeyPair();
    const der = privateKey.export({ format: 'der', type: 'pkcs8' });
    const key = { kid, publicKey, sealedPrivateKey: seal(der, this.config.AUTH_SECRET, kid), createdAt: new Date() };
    await this.keys.insert(tx, key);
    return key;
  }

  private open({ kid, sealedPrivateKey }: SigningKey): Signer {
    try {
      const der = unseal(sealedPrivateKey, this.config.AUTH_SECRET, kid);
      return { kid, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      throw new ConfigError([`AUTH_SECRET is not the one that the signing key ${kid} was encrypted with`]);
    }
  }
}
