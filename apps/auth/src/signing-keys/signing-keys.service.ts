import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KeySet } from '#contracts';
import { databaseTime } from '#persistence';
import { ConfigError } from '#runtime';
import { AuthConfig, secretsOf } from '../auth.config.js';
import { KeyRotationService } from './key-rotation.service.js';
import { signingAt } from './key-ring.js';
import { SealBroken, unseal } from './seal.js';
import type { Signer, SigningKey } from './signing-key.js';
import { SigningKeysRepository } from './signing-keys.repository.js';

/** A new key is stored this much before it signs at the least (SIGNING_KEY_LEAD_SECONDS), so that no replica misses its beginning. */
const readAgainAfterMs = 2000;

/** The keys that sign access tokens, as every replica has them. */
@Injectable()
export class SigningKeysService implements OnModuleInit {
  private ring: { keys: SigningKey[]; readAt: number; offsetMs: number } | null = null;
  private reading: Promise<void> | null = null;
  private readonly opened = new Map<string, KeyObject>();

  constructor(
    private readonly database: DataSource,
    private readonly keys: SigningKeysRepository,
    private readonly rotation: KeyRotationService,
    private readonly config: AuthConfig,
  ) {}

  /** A secret that does not fit the stored key stops the process here, not at the first log-in. */
  async onModuleInit(): Promise<void> {
    await this.rotation.makeFirst();
    await this.signer();
  }

  /** The key that signs new access tokens at this moment, by the database's clock. */
  async signer(): Promise<Signer> {
    const { keys, offsetMs } = await this.current();
    const key = signingAt(keys, new Date(Date.now() + offsetMs));
    if (!key) throw new Error('there is no signing key');
    return { kid: key.kid, privateKey: this.open(key) };
  }

  /** What everybody may verify with, the newest first. */
  async keySet(): Promise<KeySet> {
    return { keys: (await this.keys.all()).map(({ publicKey }) => publicKey) };
  }

  private async current(): Promise<NonNullable<typeof this.ring>> {
    if (!this.ring || performance.now() - this.ring.readAt > readAgainAfterMs) {
      this.reading ??= this.read().finally(() => {
        this.reading = null;
      });
      await this.reading;
    }
    return this.ring!;
  }

  private async read(): Promise<void> {
    const now = await databaseTime(this.database.manager);
    const offsetMs = now.getTime() - Date.now();
    const keys = await this.keys.all();
    for (const kid of this.opened.keys()) if (!keys.some((key) => key.kid === kid)) this.opened.delete(kid);
    this.ring = { keys, readAt: performance.now(), offsetMs };
  }

  /** Unsealing costs a key derivation, and a key is used for days: it is opened once. */
  private open({ kid, sealedPrivateKey }: SigningKey): KeyObject {
    const known = this.opened.get(kid);
    if (known) return known;
    const der = this.unsealed(sealedPrivateKey, kid);
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    this.opened.set(kid, privateKey);
    return privateKey;
  }

  private unsealed(sealed: Buffer, kid: string): Buffer {
    for (const secret of secretsOf(this.config)) {
      try {
        return unseal(sealed, secret, kid);
      } catch (error) {
        if (!(error instanceof SealBroken)) throw error;
      }
    }
    throw new ConfigError([`AUTH_SECRET is not the one that the signing key ${kid} was encrypted with`]);
  }
}
