import { Controller, Delete, Get, HttpCode, Patch, Put } from '@nestjs/common';
import { ApiAcceptedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  AccountView,
  changeAccount,
  changePassword,
  type Client,
  eraseAccount,
  PasswordChange,
  PasswordProof,
  ProfileChange,
} from '#contracts';
import { RpcClient } from '#messaging';
import { Account, Session } from '../access/account.decorator.js';
import type { SessionCaller } from '../access/caller.js';
import { Needs, SessionOnly } from '../access/policy.decorator.js';
import { FromClient } from '../http/from-client.decorator.js';
import { JsonBody } from '../http/json-body.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { Costs } from '../limits/costs.decorator.js';
import { ProfileService } from './profile.service.js';
import { ProfileView } from './profile.view.js';

@ApiTags('accounts')
@Controller('auth')
export class ProfileController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly profiles: ProfileService,
  ) {}

  @Needs('account:read')
  @Get('profile')
  @ApiOperation({ summary: 'The account, what it may use and what it uses' })
  @ApiOkResponse({ type: ProfileView })
  @Refuses('service_unavailable')
  readProfile(@Account() accountId: string): Promise<ProfileView> {
    return this.profiles.read(accountId);
  }

  @SessionOnly()
  @Patch('profile')
  @ApiOperation({ summary: 'Changes what people see of the account' })
  @ApiOkResponse({ type: AccountView })
  @Refuses('invalid_parameters', 'service_unavailable')
  changeProfile(@Account() account_id: string, @JsonBody(ProfileChange) change: ProfileChange): Promise<AccountView> {
    return this.rpc.call(changeAccount, { ...change, account_id });
  }

  @SessionOnly()
  @Delete('profile')
  @Costs(10)
  @HttpCode(202)
  @ApiOperation({
    summary: 'Erases the account',
    description: 'Its sessions and API keys end at once; its tasks and files are erased in the background.',
  })
  @ApiAcceptedResponse()
  @Refuses('invalid_parameters', 'wrong_password', 'too_many_attempts', 'service_unavailable')
  async eraseAccount(
    @Account() account_id: string,
    @JsonBody(PasswordProof) proof: PasswordProof,
    @FromClient() client: Client,
  ): Promise<void> {
    await this.rpc.call(eraseAccount, { ...proof, account_id, client });
  }

  @SessionOnly()
  @Put('password')
  @Costs(10)
  @HttpCode(204)
  @ApiOperation({ summary: 'Changes the password; every other session ends' })
  @ApiNoContentResponse()
  @Refuses('invalid_parameters', 'wrong_password', 'too_many_attempts', 'service_unavailable')
  async changePassword(
    @Session() { accountId, sessionId }: SessionCaller,
    @JsonBody(PasswordChange) change: PasswordChange,
    @FromClient() client: Client,
  ): Promise<void> {
    await this.rpc.call(changePassword, { ...change, account_id: accountId, session_id: sessionId, client });
  }
}
