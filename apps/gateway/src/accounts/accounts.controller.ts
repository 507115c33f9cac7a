import { Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Client, NewAccount, registerAccount } from '#contracts';
import { RpcClient } from '#messaging';
import { Public } from '../access/policy.decorator.js';
import { FromClient } from '../http/from-client.decorator.js';
import { JsonBody } from '../http/json-body.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { Costs } from '../limits/costs.decorator.js';
import { Carrier, MayUseCookie } from '../sessions/session-mode.guard.js';
import { TokenCarrier } from '../sessions/token-carrier.js';
import { RegistrationView } from '../sessions/tokens.view.js';

@ApiTags('accounts')
@Controller('auth')
export class AccountsController {
  constructor(private readonly rpc: RpcClient) {}

  @Public()
  @MayUseCookie()
  @Post('register')
  @Costs(10, { registrations: 1 })
  @ApiOperation({ summary: 'Makes an account and logs it in' })
  @ApiCreatedResponse({ type: RegistrationView })
  @Refuses('invalid_parameters', 'email_taken', 'service_unavailable')
  async register(
    @JsonBody(NewAccount) body: NewAccount,
    @FromClient() client: Client,
    @Carrier() carrier: TokenCarrier,
  ): Promise<RegistrationView> {
    return carrier.handOver(await this.rpc.call(registerAccount, { ...body, client }));
  }
}
