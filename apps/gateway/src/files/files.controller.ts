import { Controller, Delete, Get, Head, HttpCode, Query, Req, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fileKinds, FilePage, FileView, findFile, ListFiles, listFiles, PageOf, removeFile } from '#contracts';
import { RpcClient, validated } from '#messaging';
import { Account } from '../access/account.decorator.js';
import { Needs } from '../access/policy.decorator.js';
import { Page } from '../http/page.decorator.js';
import { PathId } from '../http/path-id.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { Costs } from '../limits/costs.decorator.js';
import { AnswersBytes, DescribesBytes } from './answers-bytes.decorator.js';
import { DownloadsService } from './downloads.service.js';
import { WantsRedirect } from './wants-redirect.decorator.js';

@ApiTags('files')
@Refuses('service_unavailable')
@Controller('files')
export class FilesController {
  constructor(
    private readonly rpc: RpcClient,
    private readonly downloads: DownloadsService,
  ) {}

  @Needs('files:read')
  @Get()
  @ApiOperation({ summary: "The account's files, newest first: what it uploaded and what its tasks made" })
  @ApiQuery({ name: 'kind', required: false, enum: fileKinds, description: 'Only these' })
  @ApiOkResponse({ type: FilePage })
  async listFiles(@Account() owner_id: string, @Page() page: PageOf, @Query('kind') kind: unknown): Promise<FilePage> {
    const asked = { ...page, owner_id, ...(kind === undefined ? {} : { kind }) };
    return this.rpc.call(listFiles, validated(ListFiles, asked));
  }

  // before GET: the router would otherwise make a HEAD of its own that fetches the bytes only to drop them
  @Needs('files:read')
  @Head(':file_id')
  @Costs(2)
  @DescribesBytes()
  @Refuses('not_found')
  async describeFile(
    @Account() owner_id: string,
    @PathId('file_id') file_id: string,
    @WantsRedirect() redirect: boolean,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.downloads.send({ owner_id, file_id, redirect }, request, reply);
  }

  @Needs('files:read')
  @Get(':file_id')
  @Costs(2)
  @AnswersBytes('The bytes of a file')
  @Refuses('not_found')
  async downloadFile(
    @Account() owner_id: string,
    @PathId('file_id') file_id: string,
    @WantsRedirect() redirect: boolean,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.downloads.send({ owner_id, file_id, redirect }, request, reply);
  }

  @Needs('files:read')
  @Get(':file_id/metadata')
  @ApiOperation({ summary: 'What is known about a file' })
  @ApiOkResponse({ type: FileView })
  @Refuses('not_found')
  readFile(@Account() owner_id: string, @PathId('file_id') file_id: string): Promise<FileView> {
    return this.rpc.call(findFile, { owner_id, file_id });
  }

  @Needs('files:write')
  @Delete(':file_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Removes a file for good, unless a task that has not ended needs it' })
  @ApiNoContentResponse()
  @Refuses('not_found', 'file_in_use')
  async removeFile(@Account() owner_id: string, @PathId('file_id') file_id: string): Promise<void> {
    await this.rpc.call(removeFile, { owner_id, file_id });
  }
}
