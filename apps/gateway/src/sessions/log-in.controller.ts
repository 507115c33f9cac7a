import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Client, closeSession, Credentials, openSession, refreshSession, RefreshToken } from '#contracts';
import { RpcClient } from '#messaging';
import { Public } from '../access/policy.decorator.js';
import { FromClient } from '../http/from-client.decorator.js';
import { JsonBody } from '../http/json-body.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { Costs } from '../limits/costs.decorator.js';
import { Carrier, MayUseCookie } from './session-mode.guard.js';
import { TokenCarrier } from './token-carrier.js';
import { TokensView } from './tokens.view.js';

@ApiTags('accounts')
@Controller('auth')
export class LogInController {
  constructor(private readonly rpc: RpcClient) {}

  @Public()
  @MayUseCookie()
  @Post('login')
  @Costs(10)
  @HttpCode(200)
  @ApiOperation({ summary: 'Begins a session' })
  @ApiOkResponse({ type: TokensView })
  @Refuses('invalid_parameters', 'invalid_credentials', 'too_many_attempts', 'service_unavailable')
  async logIn(
    @JsonBody(Credentials) body: Credentials,
    @FromClient() client: Client,
    @Carrier() carrier: TokenCarrier,
  ): Promise<TokensView> {
    return carrier.handOver(await this.rpc.call(openSession, { ...body, client }));
  }

  @Public()
  @MayUseCookie()
  @Post('refresh')
  @Costs(5)
  @HttpCode(200)
  @ApiOperation({ summary: 'Spends the refresh token for a new pair' })
  @ApiBody({ type: RefreshToken, required: false, description: 'Empty with `?session=cookie`' })
  @ApiOkResponse({ type: TokensView })
  @Refuses('invalid_parameters', 'invalid_refresh_token', 'service_unavailable')
  async refresh(
    @Body() body: unknown,
    @FromClient() client: Client,
    @Carrier() carrier: TokenCarrier,
  ): Promise<TokensView> {
    try {
      const refresh_token = carrier.tokenIn(body);
      return carrier.handOver(await this.rpc.call(refreshSession, { refresh_token, client }));
    } catch (error) {
      carrier.dropIfRefused(error);
      throw error;
    }
  }

  @Public()
  @MayUseCookie()
  @Post('logout')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends the session of the refresh token; the answer is the same when there is none' })
  @ApiBody({ type: RefreshToken, required: false, description: 'Empty with `?session=cookie`' })
  @ApiNoContentResponse()
  @Refuses('service_unavailable')
  async logOut(@Body() body: unknown, @Carrier() carrier: TokenCarrier): Promise<void> {
    const refresh_token = carrier.tokenAnywhereIn(body);
    if (refresh_token !== null) await this.rpc.call(closeSession, { refresh_token });
    carrier.drop();
  }
}
