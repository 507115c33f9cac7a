import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { PublicKey } from '#contracts';
import { SigningKeyEntity } from './signing-key.entity.js';
import type { SigningKey } from './signing-key.js';

const newestFirst = { createdAt: 'DESC', kid: 'ASC' } as const;

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly database: DataSource) {}

  /** Whoever makes a key holds this lock until the transaction ends; readers do not wait for it. */
  async lock(tx: EntityManager): Promise<void> {
    await tx.query('LOCK TABLE signing_keys IN EXCLUSIVE MODE');
  }

  async newest(tx: EntityManager): Promise<SigningKey | null> {
    const [key] = await tx.find(SigningKeyEntity, { order: newestFirst, take: 1 });
    return key ?? null;
  }

  async publicKeys(): Promise<PublicKey[]> {
    const keys = await this.database.manager.find(SigningKeyEntity, {
      select: { kid: true, publicKey: true },
      order: newestFirst,
    });
    return keys.map(({ publicKey }) => publicKey);
  }

  async insert(tx: EntityManager, key: SigningKey): Promise<void> {
    await tx.insert(SigningKeyEntity, key);
  }
}
