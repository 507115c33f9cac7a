import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import {
  deliveryStatuses,
  findWebhookSecret,
  ListWebhookDeliveries,
  listWebhookDeliveries,
  PageOf,
  redeliverWebhook,
  rotateWebhookSecret,
  WebhookDeliveryPage,
  WebhookDeliveryView,
  WebhookSecretView,
} from '#contracts';
import { RpcClient, validated } from '#messaging';
import { Account } from '../access/account.decorator.js';
import { Needs, SessionOnly } from '../access/policy.decorator.js';
import { Page } from '../http/page.decorator.js';
import { PathId } from '../http/path-id.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';

@ApiTags('webhooks')
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly rpc: RpcClient) {}

  @SessionOnly()
  @Get('secret')
  @ApiOperation({ summary: "What the account's webhooks are signed with" })
  @ApiOkResponse({ type: WebhookSecretView })
  @Refuses('service_unavailable')
  readWebhookSecret(@Account() account_id: string): Promise<WebhookSecretView> {
    return this.rpc.call(findWebhookSecret, { account_id });
  }

  @SessionOnly()
  @Post('secret/rotate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Makes a new secret; for 24 hours the one before signs too, unless it is rotated again' })
  @ApiOkResponse({ type: WebhookSecretView })
  @Refuses('service_unavailable')
  rotateWebhookSecret(@Account() account_id: string): Promise<WebhookSecretView> {
    return this.rpc.call(rotateWebhookSecret, { account_id });
  }

  @Needs('generate')
  @Get('deliveries')
  @ApiOperation({ summary: "What was announced of the account's tasks and what came of it, newest first" })
  @ApiQuery({ name: 'status', required: false, enum: deliveryStatuses, description: 'Only these' })
  @ApiOkResponse({ type: WebhookDeliveryPage })
  @Refuses('service_unavailable')
  async listWebhookDeliveries(
    @Account() owner_id: string,
    @Page() page: PageOf,
    @Query('status') status: unknown,
  ): Promise<WebhookDeliveryPage> {
    const asked = { ...page, owner_id, ...(status === undefined ? {} : { status }) };
    return this.rpc.call(listWebhookDeliveries, validated(ListWebhookDeliveries, asked));
  }

  @Needs('generate')
  @Post('deliveries/:delivery_id/redeliver')
  @HttpCode(202)
  @ApiOperation({ summary: 'Has an announcement sent again now, under the same id, whatever became of it' })
  @ApiAcceptedResponse({ type: WebhookDeliveryView })
  @Refuses('not_found', 'service_unavailable')
  redeliverWebhook(
    @Account() owner_id: string,
    @PathId('delivery_id') delivery_id: string,
  ): Promise<WebhookDeliveryView> {
    return this.rpc.call(redeliverWebhook, { owner_id, delivery_id });
  }
}
