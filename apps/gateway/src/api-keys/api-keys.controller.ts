import { Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiKeyPage, CreatedApiKey, createApiKey, listApiKeys, NewApiKey, PageOf, revokeApiKey } from '#contracts';
import { RpcClient } from '#messaging';
import { Account } from '../access/account.decorator.js';
import { SessionOnly } from '../access/policy.decorator.js';
import { JsonBody } from '../http/json-body.decorator.js';
import { Page } from '../http/page.decorator.js';
import { PathId } from '../http/path-id.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';

@ApiTags('accounts')
@Controller('auth/api-keys')
export class ApiKeysController {
  constructor(private readonly rpc: RpcClient) {}

  @SessionOnly()
  @Post()
  @ApiOperation({ summary: 'Makes an API key, which is shown this once' })
  @ApiCreatedResponse({ type: CreatedApiKey, headers: { Location: { schema: { type: 'string' } } } })
  @Refuses('invalid_parameters', 'too_many_api_keys', 'service_unavailable')
  async createApiKey(
    @Account() account_id: string,
    @JsonBody(NewApiKey) body: NewApiKey,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedApiKey> {
    const created = await this.rpc.call(createApiKey, { ...body, account_id });
    void reply.header('location', `/auth/api-keys/${created.id}`);
    return created;
  }

  @SessionOnly()
  @Get()
  @ApiOperation({ summary: "The account's API keys, newest first: how they begin, not the keys" })
  @ApiOkResponse({ type: ApiKeyPage })
  @Refuses('service_unavailable')
  listApiKeys(@Account() account_id: string, @Page() page: PageOf): Promise<ApiKeyPage> {
    return this.rpc.call(listApiKeys, { ...page, account_id });
  }

  @SessionOnly()
  @Delete(':key_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revokes an API key at once' })
  @ApiNoContentResponse()
  @Refuses('not_found', 'service_unavailable')
  async revokeApiKey(@Account() account_id: string, @PathId('key_id') key_id: string): Promise<void> {
    await this.rpc.call(revokeApiKey, { account_id, key_id });
  }
}
