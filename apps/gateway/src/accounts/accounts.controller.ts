import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import {
  closeSession,
  LogIn,
  openSession,
  RefreshToken,
  refreshSession,
  registerAccount,
  RegisterAccount,
  RegisteredAccount,
  TokenPair,
} from '#contracts';
import { RpcClient } from '#messaging';
import { Account } from '../access/account.decorator.js';
import { Public } from '../access/public.decorator.js';
import { JsonBody } from '../http/json-body.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { ProfileService } from './profile.service.js';
import { ProfileView } from './profile.view.js';

@ApiTags('accounts')
@Controller('auth')
export class AccountsController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly profiles: ProfileService,
  ) {}

  @Public()
  @Post('register')
  @ApiOperation({ summary: 'Makes an account and logs it in' })
  @ApiCreatedResponse({ type: RegisteredAccount })
  @Refuses('invalid_parameters', 'email_taken')
  register(@JsonBody(RegisterAccount) body: RegisterAccount): Promise<RegisteredAccount> {
    return this.rpc.call(registerAccount, body);
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  @ApiOperation({ summary: 'Begins a session' })
  @ApiOkResponse({ type: TokenPair })
  @Refuses('invalid_parameters', 'invalid_credentials')
  logIn(@JsonBody(LogIn) body: LogIn): Promise<TokenPair> {
    return this.rpc.call(openSession, body);
  }

  @Public()
  @Post('refresh')
  @ApiOperation({ summary: 'Spends the refresh token for a new pair' })
  @HttpCode(200)
  @ApiOkResponse({ type: TokenPair })
  @Refuses('invalid_parameters', 'invalid_refresh_token')
  refresh(@JsonBody(RefreshToken) body: RefreshToken): Promise<TokenPair> {
    return this.rpc.call(refreshSession, body);
  }

  @Public()
  @Post('logout')
  @ApiOperation({ summary: 'Ends the session of the refresh token; the answer is the same when there is none' })
  @HttpCode(204)
  @ApiNoContentResponse()
  @Refuses('invalid_parameters')
  async logOut(@JsonBody(RefreshToken) body: RefreshToken): Promise<void> {
    await this.rpc.call(closeSession, body);
  }

  @Get('profile')
  @ApiOperation({ summary: 'The account, what it may use and what it uses' })
  @ApiBearerAuth()
  @ApiOkResponse({ type: ProfileView })
  @Refuses('authentication_required', 'invalid_token')
  readProfile(@Account() accountId: string): Promise<ProfileView> {
    return this.profiles.read(accountId);
  }
}
