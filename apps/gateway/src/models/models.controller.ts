import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { listModels, ModelView } from '#contracts';
import { RpcClient } from '#messaging';
import { Public } from '../access/policy.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';

@Public()
@ApiTags('generation')
@Controller('models')
export class ModelsController {
  constructor(private readonly rpc: RpcClient) {}

  @Get()
  @ApiOperation({ summary: 'What can be asked for, and whether a worker is there for it' })
  @ApiOkResponse({ type: [ModelView] })
  @Refuses('service_unavailable')
  async listModels(): Promise<ModelView[]> {
    const { models } = await this.rpc.call(listModels, {});
    return models;
  }
}
