import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { KeySet } from '#contracts';
import { Public } from '../access/policy.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { KeySetService } from './key-set.service.js';

@Public()
@ApiTags('accounts')
@Controller('.well-known')
export class KeySetController {
  constructor(private readonly keySet: KeySetService) {}

  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({ summary: 'The public keys of the access tokens (RFC 7517)' })
  @ApiOkResponse({ type: KeySet })
  @Refuses('service_unavailable')
  readKeySet(): KeySet {
    return this.keySet.keys;
  }
}
