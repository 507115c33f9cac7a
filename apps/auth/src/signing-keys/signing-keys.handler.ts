import { Controller } from '@nestjs/common';
import { type KeySet, type Nothing, readKeySet } from '#contracts';
import { Handles } from '#messaging';
import { SigningKeysService } from './signing-keys.service.js';

@Controller()
export class SigningKeysHandler {
  constructor(private readonly signingKeys: SigningKeysService) {}

  @Handles(readKeySet)
  read(_request: Nothing): Promise<KeySet> {
    return this.signingKeys.keySet();
  }
}
