import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../access/policy.decorator.js';
import { landingPage, landingPagePolicy } from './landing-page.js';

@Public()
@ApiTags('operations')
@Controller()
export class SiteController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', landingPagePolicy)
  @ApiOperation({ summary: 'A page for people: what this is and how to begin' })
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string' } })
  showLandingPage(@Req() request: FastifyRequest): string {
    return landingPage(`${request.protocol}://${request.host}`);
  }
}
