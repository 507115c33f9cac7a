import { Controller, Get, Head, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FileView, findFile } from '#contracts';
import { RpcClient } from '#messaging';
import { Account } from '../access/account.decorator.js';
import { Needs } from '../access/policy.decorator.js';
import { PathId } from '../http/path-id.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { Costs } from '../limits/costs.decorator.js';
import { DownloadsService } from './downloads.service.js';
import { AnswersBytes } from './answers-bytes.decorator.js';

@ApiTags('files')
@Refuses('not_found')
@Controller('files')
export class FilesController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly downloads: DownloadsService,
  ) {}

  // before GET: the router would otherwise make a HEAD of its own that fetches the bytes only to drop them
  @Needs('files:read')
  @Head(':file_id')
  @Costs(2)
  @ApiOperation({ summary: 'What GET would answer, without the bytes' })
  @ApiOkResponse()
  async describeFile(
    @Account() owner: string,
    @PathId('file_id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.downloads.send(owner, id, request, reply);
  }

  @Needs('files:read')
  @Get(':file_id')
  @Costs(2)
  @AnswersBytes('The bytes of a file')
  async downloadFile(
    @Account() owner: string,
    @PathId('file_id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.downloads.send(owner, id, request, reply);
  }

  @Needs('files:read')
  @Get(':file_id/metadata')
  @ApiOperation({ summary: 'What is known about a file' })
  @ApiOkResponse({ type: FileView })
  readFile(@Account() owner_id: string, @PathId('file_id') file_id: string): Promise<FileView> {
    return this.rpc.call(findFile, { owner_id, file_id });
  }
}
