import { Controller, Post, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { FileView } from '#contracts';
import { Account } from '../access/account.decorator.js';
import { Needs } from '../access/policy.decorator.js';
import type { FormParts } from '../forms/form-part.js';
import { Form } from '../forms/form.decorator.js';
import { Refuses } from '../http/refuses.decorator.js';
import { Costs } from '../limits/costs.decorator.js';
import { UploadsService } from './uploads.service.js';

@ApiTags('files')
@Controller('upload')
export class UploadController {
  constructor(private readonly uploads: UploadsService) {}

  @Needs('files:write')
  @Post()
  @Costs(10)
  @ApiOperation({
    summary: 'Stores a picture or a 3D model: PNG, JPEG, WebP or GLB by its content, whatever its name',
    description:
      'A picture is turned upright and stored without its metadata; of a model nothing is changed. ' +
      'The same bytes again are the same file.',
  })
  @ApiConsumes('multipart/form-data')
  @ApiBody({
    schema: { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } },
  })
  @ApiCreatedResponse({ type: FileView, headers: { Location: { schema: { type: 'string' } } } })
  @Refuses(
    'file_too_large',
    'unsupported_media_type',
    'file_missing',
    'invalid_image',
    'invalid_model',
    'storage_quota_exceeded',
    'invalid_parameters',
    'service_unavailable',
  )
  async uploadFile(
    @Account() owner: string,
    @Form() parts: FormParts,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FileView> {
    const file = await this.uploads.storeOnly(owner, parts);
    void reply.header('location', `/files/${file.file_id}`);
    return file;
  }
}
