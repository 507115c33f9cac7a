import { Controller, Delete, Get, HttpCode } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { endSession, listSessions, PageOf, SessionPage } from '#contracts';
import { RpcClient } from '#messaging';
import { Account, Session } from '../access/account.decorator.js';
import type { SessionCaller } from '../access/caller.js';
import { SessionOnly } from '../access/policy.decorator.js';
import { Page } from '../http/page.decorator.js';
import { PathId } from '../http/path-id.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';

@ApiTags('accounts')
@Controller('auth/sessions')
export class SessionsController {
  constructor(private readonly rpc: RpcClient) {}

  @SessionOnly()
  @Get()
  @ApiOperation({ summary: 'Where the account is logged in, newest first' })
  @ApiOkResponse({ type: SessionPage })
  @Refuses('service_unavailable')
  listSessions(@Session() { accountId, sessionId }: SessionCaller, @Page() page: PageOf): Promise<SessionPage> {
    return this.rpc.call(listSessions, { ...page, account_id: accountId, session_id: sessionId });
  }

  @SessionOnly()
  @Delete(':session_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends one session: its tokens are refused within two seconds' })
  @ApiNoContentResponse()
  @Refuses('not_found', 'service_unavailable')
  async endSession(@Account() account_id: string, @PathId('session_id') session_id: string): Promise<void> {
    await this.rpc.call(endSession, { account_id, session_id });
  }
}
