import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { ProblemCode } from '#contracts';
import { statusOf } from './problem-document.js';
import { ProblemView } from './problem.view.js';

/** Documents the refusals of a route: one response a status, naming its codes. */
export function Refuses(...codes: ProblemCode[]): MethodDecorator & ClassDecorator {
  const statuses = new Set(codes.map((code) => statusOf[code]));
  return applyDecorators(
    ApiExtraModels(ProblemView),
    ...[...statuses].map((status) =>
      ApiResponse({
        status,
        description: codes.filter((code) => statusOf[code] === status).join(', '),
        content: problemContent,
      }),
    ),
  );
}

/** The body of every refusal in the document. */
export const problemContent = {
  'application/problem+json': { schema: { $ref: getSchemaPath(ProblemView) } },
};
