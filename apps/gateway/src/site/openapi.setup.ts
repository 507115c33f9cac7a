import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, getSchemaPath, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { problemContent } from '../http/refuses.decorator.js';
import { describeLimits } from '../limits/limits.openapi.js';
import { NewTaskForm } from '../tasks/new-task-form.view.js';

/** Serves the document at /openapi.json and Swagger UI at /docs. */
export function serveOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Lathe API',
    swaggerOptions: { persistAuthorization: true, tryItOutEnabled: true },
  });
}

/** The OpenAPI document, made from the controllers and the contract's classes. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Lathe')
    .setDescription('3D models from pictures and words. Every refusal is a problem document (RFC 9457).')
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'The access token of a session',
    })
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'lathe_…', description: 'An API key, as far as its scopes go' },
      'api_key',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: (_controller, method) => method });
  for (const operation of operationsOf(document)) {
    describeRefusals(operation);
    describeAccess(operation);
  }
  describeForm(document);
  describeLimits(document);
  return document;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const operationsOf = ({ paths }: OpenAPIObject): Operation[] =>
  Object.values(paths).flatMap(({ get, head, post, put, patch, delete: remove }) =>
    [get, head, post, put, patch, remove].filter((operation) => operation !== undefined),
  );

/** Whatever a route says of its own: every other answer of 400 and above is a problem document too. */
function describeRefusals({ responses }: Operation): void {
  for (const [status, response] of Object.entries(responses)) {
    if (Number(status) < 400 || !response) continue;
    if (describesProblem(response)) Object.assign(response, { description: eachCodeOnce(response) });
    else Object.assign(response, { content: problemContent });
  }
  responses.default = { description: 'Any other refusal', content: problemContent };
}

/** Who may call it, in words: the schemes of OpenAPI 3.0 cannot name the scopes of anything but OAuth. */
function describeAccess(operation: Operation): void {
  if (!operation.security) return;
  const scope = (operation as { 'x-required-scope'?: string })['x-required-scope'];
  const access = scope ? `An API key needs the scope \`${scope}\`.` : 'Takes an access token; no API key can do this.';
  operation.description = [operation.description, access].filter(Boolean).join(' ');
}

/** @Refuses() names the codes of a status; where it is said more than once, Swagger has put the lists below each other. */
const eachCodeOnce = (response: object): string =>
  [...new Set((response as { description: string }).description.split(/, |\n\n/))].join(', ');

const describesProblem = (response: object): boolean =>
  'content' in response && 'application/problem+json' in (response.content as object);

/** POST /generate takes the same fields as a form, with files beside them; what is no text is JSON there. */
function describeForm({ paths }: OpenAPIObject): void {
  const body = paths['/generate']?.post?.requestBody;
  if (!body || !('content' in body)) throw new Error('POST /generate has no body in the document');
  const json = { contentType: 'application/json' };
  body.content['multipart/form-data'] = {
    schema: { $ref: getSchemaPath(NewTaskForm) },
    encoding: { params: json, metadata: json, images: json, output_formats: json },
  };
}
