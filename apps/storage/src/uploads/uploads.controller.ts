import type { IncomingMessage } from 'node:http';
import { Controller, HttpCode, Param, Put, Req, UseFilters } from '@nestjs/common';
import type { FileView } from '#contracts';
import { ProblemFilter } from './problem.filter.js';
import { ReceivingService } from './receiving.service.js';

/** The data plane: the gateway PUTs the bytes of a file here, whatever content type it names, so that none crosses the broker. */
@Controller('uploads')
@UseFilters(ProblemFilter)
export class UploadsController {
  constructor(private readonly uploads: ReceivingService) {}

  @Put(':ticket')
  @HttpCode(201)
  receive(@Param('ticket') ticket: string, @Req() { raw }: { raw: IncomingMessage }): Promise<FileView> {
    return this.uploads.receive(ticket, raw);
  }
}
