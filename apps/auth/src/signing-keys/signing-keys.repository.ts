import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { SigningKeyEntity } from './signing-key.entity.js';
import type { SigningKey } from './signing-key.js';

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly database: DataSource) {}

  /** Whoever makes or removes a key holds this lock until the transaction ends; readers do not wait for it. */
  async lock(tx: EntityManager): Promise<void> {
    await tx.query('LOCK TABLE signing_keys IN EXCLUSIVE MODE');
  }

  /** Every key there is, the newest first. */
  all(tx: EntityManager = this.database.manager): Promise<SigningKey[]> {
    return tx.find(SigningKeyEntity, { order: { signsFrom: 'DESC', kid: 'ASC' } });
  }

  async insert(tx: EntityManager, key: SigningKey): Promise<void> {
    await tx.insert(SigningKeyEntity, key);
  }

  async delete(tx: EntityManager, keys: SigningKey[]): Promise<void> {
    await tx.delete(SigningKeyEntity, { kid: In(keys.map(({ kid }) => kid)) });
  }
}
